"""What people say about an import: which files, and what their columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ServiceForm
from migrations_data.models import ImportSheet
from migrations_data.understanding.nouns import ALL, Type
from migrations_data.understanding.own import kind_of

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"
FORM = "columns"  # the sheets stand outside the form that sends them: each has a form of its own for its kind
LEFT_OUT = gettext_lazy("Leave out")
ORDERS = [
    ("dmy", gettext_lazy("day first: 31-12-2026")),
    ("mdy", gettext_lazy("month first: 12-31-2026")),
    ("ymd", gettext_lazy("year first: 2026-12-31")),
]
UNITS = [
    ("1", gettext_lazy("as they stand")),
    ("1000", gettext_lazy("in thousands")),
    ("1000000", gettext_lazy("in millions")),
]


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = Files(attrs={"multiple": True, "accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given]


class Upload(ServiceForm):
    """The files with the tables, and where they come from."""

    uploads = FilesField(
        label=gettext_lazy("Files"),
        error_messages={"required": gettext_lazy("Choose the files with your tables first.")},
    )
    origin = forms.CharField(
        label=gettext_lazy("Old system"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Only when you import from several: keys of two systems are kept apart by this name."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency of amounts"),
        max_length=3,
        min_length=3,
        required=False,
        help_text=gettext_lazy("Three letters, like EUR. By default the company's."),
    )


class Columns(ServiceForm):
    """What each column of every sheet fills. Field names are "<what>-<sheet>-<index>"."""

    def __init__(self, sheets: Sequence[ImportSheet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = [sheet for sheet in sheets if sheet.kind]
        for sheet in self.sheets:
            kind = kind_of(sheet.kind)
            choices = [("", LEFT_OUT), *((field.name, field.label) for field in kind.fields.values())]
            for column in sheet.columns:
                self._add(sheet, column, choices)

    def _add(self, sheet: ImportSheet, column: dict[str, Any], choices: list[tuple[str, Any]]) -> None:
        place = f"{sheet.pk}-{column['index']}"
        label = _("Column %(name)s is") % {"name": column["name"]}
        self.fields[f"field-{place}"] = _choice(label, choices, column["field"])
        if column["type"] == Type.DATE:
            self.fields[f"dates-{place}"] = _choice(
                _("Dates of %(name)s have") % {"name": column["name"]}, ORDERS, column["dates"]
            )
        if column["type"] in (Type.NUMBER, Type.YEAR):
            said = _("Amounts of %(name)s are") % {"name": column["name"]}
            self.fields[f"unit-{place}"] = _choice(said, UNITS, str(column["unit"]))

    def arguments(self) -> dict[str, Any]:
        """What was chosen, as the service takes it: sheet -> index -> changes."""
        chosen: dict[int, dict[int, dict[str, Any]]] = {sheet.pk: {} for sheet in self.sheets}
        for name, value in self.cleaned_data.items():
            what, _dash, place = name.partition("-")
            if not place:
                continue
            sheet, index = (int(part) for part in place.split("-"))
            if what != "field" and not value:
                continue
            chosen[sheet].setdefault(index, {})[what] = int(value) if what == "unit" else value
        return {"sheets": chosen}


def _choice(label: str, choices: Sequence[tuple[str, Any]], value: str) -> forms.ChoiceField:
    widget = forms.Select(attrs={"aria-label": label, "form": FORM, "class": "c-select"})
    return forms.ChoiceField(label=label, choices=choices, initial=value, required=False, widget=widget)


class Decide(forms.Form):
    """What a row is that may be somebody: "same-2" is the second of its candidates."""

    question = forms.IntegerField(min_value=1)
    answer = forms.RegexField(r"^(same-[1-9]|other|leave)$")
    all = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        answer, _dash, place = str(said.get("answer", "")).partition("-")
        return said | {"answer": answer, "candidate": int(place) - 1 if place else 0}


class Kind(ServiceForm):
    """What a sheet is about, and which row is its header."""

    kind = forms.ChoiceField(
        label=gettext_lazy("This sheet holds"),
        required=False,
        widget=forms.Select(attrs={"class": "c-select"}),
        choices=lambda: [("", LEFT_OUT), *((kind.name, kind.label) for kind in ALL.values())],
    )
    header_row = forms.IntegerField(
        label=gettext_lazy("Header in row"),
        min_value=0,
        max_value=1_048_576,
        widget=forms.NumberInput(attrs={"class": "c-input"}),
        help_text=gettext_lazy("0 when there is none."),
    )
