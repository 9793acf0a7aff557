"""The company's own fields in forms: a field of the form for each kind, and what puts them into the forms of records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.policy import Use
from crm import custom
from crm.custom.values import LONGEST, decimal_of, plain
from crm.forms.fields import AmountField, currencies, major, minor
from crm.models import CustomField, CustomKind

LONG_LINE = 60
FEW = 8
"""From so many options on a list is searched by typing."""
SEARCHED = {"data-search": True}


class NumberField(forms.Field):
    """A number as people write it, as a Decimal."""

    default_error_messages = {"number": _("Write a number in figures, like 1250 or 12.5.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 40}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        number = decimal_of(text) if text else None
        if text and number is None:
            raise forms.ValidationError(self.error_messages["number"], code="number")
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By the figure, however it is written."""
        number = decimal_of(str(data or ""))
        return plain(number) != str(initial or "") if number is not None else bool(data) or bool(initial)


class MoneyInput(forms.MultiWidget):
    """An amount beside its currency."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        amount = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 30, "aria-label": _("Amount")}
        super().__init__(
            [forms.TextInput(attrs=amount), forms.Select(attrs={"aria-label": _("Currency")}, choices=choices)]
        )

    def decompress(self, value: Any) -> list[Any]:
        return [None, None]  # what is there comes as a list already, see `initial_of`

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html('<div class="c-money-input">{}</div>', super().render(name, value, attrs, renderer))


class MoneyField(forms.MultiValueField):
    """[minor units, currency], or None without an amount."""

    def __init__(self, *, present: Any = None, currency: str = "", **kwargs: Any) -> None:
        currency = currency or custom.home_currency()
        codes = currencies(*([present[1]] if present else []), currency)
        codes.sort(key=lambda pair: pair[0] != currency)
        fields = (AmountField(), forms.ChoiceField(choices=codes, required=False))
        super().__init__(fields, **{"widget": MoneyInput(codes), "require_all_fields": False, **kwargs})

    def compress(self, data_list: Any) -> list[Any] | None:
        amount, currency = data_list or (None, "")
        return None if amount is None else [minor(amount, currency), currency]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (self.clean(initial) if initial else None))
        except forms.ValidationError:
            return True


class PersonSelect(forms.Select):
    """A colleague, looked up while typing; only who is chosen is sent along."""

    def __init__(self) -> None:
        super().__init__(attrs=SEARCHED)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-url"] = reverse("crm:suggest", args=["person"])
        return context

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        keys = [int(one) for one in map(str, value) if one.isascii() and one.isdigit() and len(one) < 19]
        people = custom.names_of(keys)
        options = [self.create_option(name, "", "", not people, 0)]
        options += [self.create_option(name, key, people[key], True, 1) for key in people]
        return [(None, [option], index) for index, option in enumerate(options)]


class PersonField(forms.Field):
    """The key of a colleague; the service knows whether he works here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": PersonSelect(), **kwargs})

    def to_python(self, value: Any) -> int | None:
        text = str(value or "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise forms.ValidationError(_("Choose a colleague from the list."))
        return int(text)


def form_field(field: CustomField, present: Any = None, *, required: bool = False, currency: str = "") -> forms.Field:
    """The field of a form for an own field whose stored value is `present`: options that were removed stay while they are chosen."""
    said: dict[str, Any] = {
        "label": field.label,
        "required": required,
        "help_text": escape(field.hint),  # help texts are drawn as they are
    }
    if field.kind == CustomKind.NUMBER:
        return NumberField(**said)
    if field.kind == CustomKind.MONEY:
        return MoneyField(present=present, currency=currency, **said)
    if field.kind == CustomKind.DATE:
        attrs = {"type": "date", "min": "1000-01-01", "max": "2999-12-31"}
        return forms.DateField(widget=forms.DateInput(attrs=attrs, format="%Y-%m-%d"), **said)
    if field.kind == CustomKind.USER:
        return PersonField(**said)
    if field.kind in (CustomKind.CHOICE, CustomKind.CHOICES):
        return _listed(field, present, said)
    is_long = isinstance(present, str) and ("\n" in present or len(present) > LONG_LINE)
    attrs = {"autocomplete": "off", "dir": "auto"}
    widget = forms.Textarea(attrs={**attrs, "rows": 3}) if is_long else forms.TextInput(attrs=attrs)
    return forms.CharField(max_length=LONGEST, widget=widget, **said)


def _listed(field: CustomField, present: Any, said: Mapping[str, Any]) -> forms.Field:
    there = present if isinstance(present, list) else [present] if present else []
    options = [*field.options, *(one for one in there if one not in field.options)]
    listed = [(one, one) for one in options]
    wrong = {"invalid_choice": _("Choose one from the list.")}
    if field.kind == CustomKind.CHOICES:
        widget = forms.SelectMultiple(attrs=SEARCHED)
        return forms.MultipleChoiceField(choices=listed, widget=widget, error_messages=wrong, **said)
    attrs = SEARCHED if len(options) > FEW else {}
    select = forms.Select(attrs=attrs)
    return forms.ChoiceField(choices=[("", "—"), *listed], widget=select, error_messages=wrong, **said)


def initial_of(field: CustomField, stored: Any) -> Any:
    """A stored value as the field of the form begins with it."""
    if field.kind == CustomKind.DATE and stored:
        return date.fromisoformat(stored)
    if field.kind == CustomKind.MONEY and stored:
        amount, currency = major(*stored), stored[1]
        return [f"{amount:.2f}".removesuffix(".00"), currency]
    return stored


class CustomFieldsMixin(ServiceForm):
    """The own fields of a record behind its other ones, under "custom.<key>"; the service gets them as `custom`.

    `own_open` says whether they are unfolded from the beginning.
    """

    own_open = True

    def add_own(
        self,
        noun: str,
        user: Any,
        column: Mapping[str, Any] | None = None,
        *,
        only: Collection[str] = (),
        currency: str = "",
    ) -> None:
        """Add the fields that the person may write, with the values of the record's `custom` column.

        With `only` just those, each to be filled in and drawn like any other field.
        """
        values = column or {}
        for field in custom.fields_for(user, noun, Use.WRITE):
            name = custom.name_of(field)
            if only and name not in only:
                continue
            present = values.get(field.key)
            self.fields[name] = form_field(field, present, required=bool(only), currency=currency)
            self.fields[name].own = not only  # type: ignore[attr-defined]
            if present is not None:
                self.initial.setdefault(name, initial_of(field, present))

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Those that are drawn as a group."""
        return [field for field in self if getattr(field.field, "own", False)]

    @property
    def own_shown(self) -> bool:
        """Whether the group is unfolded: always where facts are edited, else when something in it is wrong."""
        return self.own_open or any(custom.key_of(name) for name in self.errors)

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        own = {custom.key_of(name): values.pop(name) for name in list(values) if custom.key_of(name)}
        return values | ({"custom": own} if own else {})
