"""What people say about an import: which files, and what their columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel import Locale
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.forms import ServiceForm
from migrations_data.models import ImportSheet
from migrations_data.understanding.cleaning import LIKELY_COUNTRIES
from migrations_data.understanding.guessing import NEW
from migrations_data.understanding.nouns import ALL, Type
from migrations_data.understanding.own import NOUNS, kind_of

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"
FORM = "columns"  # the sheets stand outside the form that sends them: each has a form of its own for its kind
KEEP_VALUES = ("companies", "contacts", "deals")
"""Kinds of tables whose records may have values of their own already."""
MOST_ROWS = 5_000
LEFT_OUT = gettext_lazy("Leave out")
ORDERS = [
    ("dmy", gettext_lazy("day first: 31-12-2026")),
    ("mdy", gettext_lazy("month first: 12-31-2026")),
    ("ymd", gettext_lazy("year first: 2026-12-31")),
]
POLICIES = [
    ("fill", gettext_lazy("fill in what is blank")),
    ("over", gettext_lazy("replace what is there")),
    ("never", gettext_lazy("only for new records")),
]
CURRENCIES = ("EUR", "PLN", "RUB", "UAH", "USD", "GBP", "CZK")
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

    remember = forms.CharField(
        label=gettext_lazy("Remember these columns as"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "c-input", "form": FORM}),
        help_text=gettext_lazy(
            "A name like “Orders from the shop”: the next file of this kind is read the same way by itself."
        ),
    )

    def __init__(self, sheets: Sequence[ImportSheet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = [sheet for sheet in sheets if sheet.kind]
        for sheet in self.sheets:
            kind = kind_of(sheet.kind)
            choices = [("", LEFT_OUT), *((field.name, field.label) for field in kind.fields.values())]
            if sheet.kind in NOUNS:
                choices.append((NEW, gettext_lazy("A field of our own")))
            for column in sheet.columns:
                self._add(sheet, column, kind.fields.get(column["field"]), choices)

    def _add(self, sheet: ImportSheet, column: dict[str, Any], field: Any, choices: list[tuple[str, Any]]) -> None:
        place, said = f"{sheet.pk}-{column['index']}", {"name": column["name"]}
        money = field is not None and field.type in (Type.MONEY, Type.SUM)
        self.fields[f"field-{place}"] = _choice(_("Column %(name)s is") % said, choices, column["field"])
        if column["type"] == Type.DATE:
            self.fields[f"dates-{place}"] = _choice(_("Dates of %(name)s have") % said, ORDERS, column["dates"])
        if column["type"] in (Type.NUMBER, Type.YEAR):
            self.fields[f"unit-{place}"] = _choice(_("Amounts of %(name)s are") % said, UNITS, str(column["unit"]))
        if money:
            self.fields[f"currency-{place}"] = _choice(
                _("Amounts of %(name)s are in") % said, _currencies(sheet, column), column["currency"]
            )
        if field is not None and field.type == Type.PHONE:
            self.fields[f"country-{place}"] = _choice(
                _("Phones of %(name)s without a prefix are from") % said,
                _countries(column["country"]),
                column["country"],
            )
        if field is not None and field.name != "key" and sheet.kind in KEEP_VALUES:
            self.fields[f"policy-{place}"] = _choice(
                _("When a record has a value for %(name)s") % said, POLICIES, column["policy"]
            )

    def arguments(self) -> dict[str, Any]:
        """What was chosen, as the service takes it: sheet -> index -> changes."""
        chosen: dict[int, dict[int, dict[str, Any]]] = {sheet.pk: {} for sheet in self.sheets}
        for name, value in self.cleaned_data.items():
            what, _dash, place = name.partition("-")
            if not place:
                continue
            sheet, index = (int(part) for part in place.split("-", 1))
            if what not in ("field", "currency", "country") and not value:
                continue
            chosen[sheet].setdefault(index, {})[what] = int(value) if what == "unit" else value
        return {"sheets": chosen, "remember": self.cleaned_data["remember"]}


def _currencies(sheet: ImportSheet, column: dict[str, Any]) -> list[tuple[str, Any]]:
    """The import's own currency first, then that of the column, then the usual ones."""
    own = sheet.file.of_import.currency
    others = dict.fromkeys(one for one in (column["currency"], *CURRENCIES) if one and one != own)
    listed = [("", own), *((one, one) for one in others)]
    return [*listed, (own, own)] if column["currency"] == own else listed


def _countries(guessed: str) -> list[tuple[str, Any]]:
    codes = dict.fromkeys(code for code in (guessed, *LIKELY_COUNTRIES) if code)
    names = Locale(get_language() or "en").territories
    return [("", gettext_lazy("any country")), *((code, names.get(code, code)) for code in codes)]


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
    two_rows = forms.BooleanField(label=gettext_lazy("Header takes two rows"), required=False)
    header_row = forms.IntegerField(
        label=gettext_lazy("Header in row"),
        min_value=0,
        max_value=1_048_576,
        widget=forms.NumberInput(attrs={"class": "c-input"}),
        help_text=gettext_lazy("0 when there is none."),
    )

    def arguments(self) -> dict[str, Any]:
        said = super().arguments()
        return said | {"header_rows": 2 if said.pop("two_rows") else 1}


class Parts(ServiceForm):
    """What some rows of a table are: data after all, totals or notes."""

    rows = forms.CharField(
        label=gettext_lazy("Rows"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "c-input", "placeholder": "6-10, 121"}),
        error_messages={"required": gettext_lazy("Write the numbers of the rows first, like 6-10, 121.")},
    )
    part = forms.ChoiceField(
        label=gettext_lazy("are"),
        required=False,
        widget=forms.Select(attrs={"class": "c-select"}),
        choices=[("", gettext_lazy("data")), ("total", gettext_lazy("totals")), ("note", gettext_lazy("notes"))],
    )

    def clean_rows(self) -> list[int]:
        """The numbers, at most 5,000 of them."""
        numbers: list[int] = []
        for said in self.cleaned_data["rows"].replace("–", "-").split(","):
            first, _dash, last = (part.strip() for part in said.partition("-"))
            if not (first.isdecimal() and (last or first).isdecimal() and len(first) < 8 and len(last) < 8):
                raise forms.ValidationError(_("Write the numbers of rows with commas between, like 6-10, 121."))
            numbers += range(int(first), min(int(last or first), int(first) + MOST_ROWS) + 1)
        return numbers[:MOST_ROWS]

    def arguments(self) -> dict[str, Any]:
        return {"numbers": self.cleaned_data["rows"], "part": self.cleaned_data["part"]}
