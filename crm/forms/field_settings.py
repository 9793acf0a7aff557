"""What is asked about a field of the company's own: a new one, and one that is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from crm.custom.usage import with_options
from crm.forms.custom import form_field
from crm.models import CustomField, CustomKind, Noun
from crm.services.fields import LISTED, LONGEST_OPTION, MOST_OPTIONS, RenameUnclear

Result = TypeVar("Result")
EMPTY_ROWS = 3
KIND_ICONS = {
    CustomKind.TEXT: "letter-case",
    CustomKind.NUMBER: "numbers",
    CustomKind.MONEY: "coins",
    CustomKind.DATE: "calendar",
    CustomKind.CHOICE: "circle-check",
    CustomKind.CHOICES: "list-check",
    CustomKind.USER: "user",
}
STORED = [
    ("change", _("Give them the new name too")),
    ("keep", _("Leave them as they are: the old name stays on these records")),
]


class OptionRows(forms.Widget):
    """A list to choose from, an input for each option; what an option was called before goes along hidden."""

    use_fieldset = True

    def __init__(self, used: Mapping[str, int] | None = None) -> None:
        super().__init__()
        self.used = used or {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        if not hasattr(data, "getlist"):
            return []
        names, before = data.getlist(name), data.getlist(f"{name}_was")
        return [(before[i] if i < len(before) else "", one) for i, one in enumerate(names)]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        filled = [(was, option) for was, option in value or [] if was or option.strip()]
        rows = [{"was": was, "name": option, "used": self.used.get(was, 0)} for was, option in filled]
        empty = [{"was": "", "name": "", "used": 0}] * (EMPTY_ROWS if not rows else 1)
        context = {"name": name, "rows": [*rows, *empty], "longest": LONGEST_OPTION, "attrs": attrs or {}}
        return mark_safe(render_to_string("crm/fields/_options.html", context))  # noqa: S308 - a template of ours

    def id_for_label(self, id_: str) -> str:
        return ""


class OptionsField(forms.Field):
    """Pairs of what an option was called and is called now; rows that were left empty are no options."""

    def __init__(self, used: Mapping[str, int] | None = None) -> None:
        help_text = _("They are offered in this order. Paste several lines to add them at once.")
        super().__init__(label=_("Options"), widget=OptionRows(used), help_text=help_text)

    def validate(self, value: Any) -> None:
        """A list is needed where one chooses from it: the service says so."""

    def to_python(self, value: Any) -> list[tuple[str, str]]:
        return [(was, name) for was, name in value or [] if was or name.strip()][: MOST_OPTIONS * 2]


def _label() -> forms.CharField:
    attrs = {"autocomplete": "off", "autofocus": True, "dir": "auto"}
    return forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs=attrs))


def _hint() -> forms.CharField:
    attrs = {"autocomplete": "off", "dir": "auto"}
    said = _("Stands under the field, like this line.")
    return forms.CharField(
        label=_("Hint"), max_length=200, required=False, widget=forms.TextInput(attrs=attrs), help_text=said
    )


def _in_list() -> forms.BooleanField:
    return forms.BooleanField(label=_("Filter lists by it"), required=False)


class NewField(ServiceForm):
    """What it is for, what it holds, what it is called."""

    noun = forms.ChoiceField(label=_("For"), choices=Noun.choices, widget=forms.RadioSelect)
    label = _label()
    kind = forms.ChoiceField(label=_("Holds"), choices=CustomKind.choices, widget=forms.RadioSelect)
    options = OptionsField()
    hint = _hint()
    in_list = _in_list()

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The kinds as tiles with pictures."""
        chosen = self["kind"].value()
        return [
            {
                "value": kind.value,
                "label": capfirst(str(kind.label)),
                "icon": KIND_ICONS[kind],
                "checked": kind.value == chosen,
            }
            for kind in CustomKind
        ]

    @property
    def nouns(self) -> list[dict[str, Any]]:
        chosen = self["noun"].value()
        return [
            {"value": noun.value, "label": capfirst(str(noun.label)), "checked": noun.value == chosen} for noun in Noun
        ]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        return values | {"options": [name for _was, name in values["options"]]}


class EditField(ServiceForm):
    """What may change: the key and the kind stay for ever."""

    label = _label()
    options = OptionsField()
    hint = _hint()
    in_list = _in_list()
    stored = forms.ChoiceField(
        label=_("Records with the old name"), choices=STORED, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, field: CustomField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "label": field.label, "hint": field.hint, "in_list": field.in_list, "options": [(one, one) for one in field.options],
        }  # fmt: skip
        if field.kind in LISTED:
            self.fields["options"].widget.used = with_options(field, field.options)
        else:
            del self.fields["options"]
            del self.fields["stored"]

    def submit(self, service: Callable[..., Result], **fixed: Any) -> Result | None:
        """Like that of any form; where it must be said what becomes of records, that is asked first."""
        result = super().submit(service, **fixed)
        if isinstance(self.refusal, RenameUnclear):
            self.fields["stored"].required = True
            self.fields["stored"].widget.attrs["autofocus"] = self.fields["label"].widget.attrs.pop("autofocus", True)
        return result

    @property
    def asks_stored(self) -> bool:
        """Whether it must be said what becomes of records whose option was renamed."""
        return isinstance(self.refusal, RenameUnclear) or bool(self.data.get("stored"))


class Preview(forms.Form):
    """A field as it will look in a form, from what was typed so far."""

    def __init__(self, field: CustomField) -> None:
        super().__init__(auto_id="preview-%s")
        self.fields["own"] = form_field(field)
