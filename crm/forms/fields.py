"""Fields that several forms need: an amount of money, and a record picked while typing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.formats import NO_MINOR_UNITS

LARGEST = Decimal(10) ** 15
USUAL = ("EUR", "PLN", "USD", "GBP", "CZK", "UAH", "RUB")


def currencies(*also: str) -> list[tuple[str, str]]:
    """The usual currencies with those that a record or the company has beside them, or a form would change them unasked."""
    return [(code, code) for code in dict.fromkeys((*USUAL, *also))]


class AmountField(forms.Field):
    """An amount as people write it ("12 000", "12.000,50", "1,250.5") as a Decimal in whole units; empty is None.

    The last of comma and point counts as the decimal sign when one or two digits follow it.
    """

    default_error_messages = {
        "amount": _("Write the amount in figures, like 12 000 or 12 000.50."),
        "negative": _("An amount cannot be below zero."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 30}
        super().__init__(**{"required": False, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> Decimal | None:
        text = re.sub(r"[\s\u00a0\u202f']", "", str(value or ""))
        if not text:
            return None
        whole, _sign, rest = re.sub(r"[.,](?=\d{1,2}$)", "|", text).partition("|")
        plain = f"{re.sub('[.,]', '', whole)}.{rest or 0}"
        if not re.fullmatch(r"-?\d{1,16}\.\d{1,2}", plain, re.ASCII):
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        amount = Decimal(plain)
        if amount < 0:
            raise forms.ValidationError(self.error_messages["negative"], code="negative")
        if amount > LARGEST:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By the figure, however it is written."""
        try:
            return bool(initial != self.to_python(data))
        except forms.ValidationError:
            return True


def minor(amount: Decimal | None, currency: str) -> int | None:
    """Whole units -> minor units of `currency`."""
    if amount is None:
        return None
    return int(amount if currency in NO_MINOR_UNITS else amount * 100)


def major(amount_minor: int | None, currency: str) -> Decimal | None:
    """Minor units of `currency` -> whole units, for the field of a form."""
    if amount_minor is None:
        return None
    return Decimal(amount_minor) if currency in NO_MINOR_UNITS else Decimal(amount_minor) / 100


class Suggested(forms.Select):
    """A list too long to send: only what is chosen is an option, the rest is asked of the server while typing."""

    def __init__(self, noun: str, *, multiple: bool = False) -> None:
        super().__init__(attrs={"data-search": True})
        self.noun = noun
        self.allow_multiple_selected = multiple

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-url"] = reverse("crm:suggest", args=[self.noun])
        if self.allow_multiple_selected:
            context["widget"]["attrs"]["multiple"] = True
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if self.allow_multiple_selected and hasattr(data, "getlist"):
            return data.getlist(name)
        return super().value_from_datadict(data, files, name)

    def optgroups(self, name: str, value: Sequence[Any], attrs: Any = None) -> Any:
        chosen = [str(one) for one in value if one not in (None, "")]
        choices: Any = self.choices
        rows: QuerySet[Any] = choices.queryset
        known = [int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) < 19]
        found = rows.filter(pk__in=known) if known else []
        empty = [] if self.allow_multiple_selected else [self.create_option(name, "", "", not chosen, 0)]
        options = [
            self.create_option(name, row.pk, choices.field.label_from_instance(row), True, i)
            for i, row in enumerate(found)
        ]
        return [(None, [option], index) for index, option in enumerate([*empty, *options])]


def picked(
    rows: QuerySet[Any], noun: str, *, label: Any, required: bool = False, **more: Any
) -> forms.ModelChoiceField:
    """One record out of those in `rows`, picked while typing (`noun` is the autocomplete's)."""
    return forms.ModelChoiceField(rows, label=label, required=required, widget=Suggested(noun), **more)


def several(rows: QuerySet[Any], noun: str, *, label: Any, **more: Any) -> forms.ModelMultipleChoiceField:
    """Any number of records out of those in `rows`."""
    return forms.ModelMultipleChoiceField(
        rows, label=label, required=False, widget=Suggested(noun, multiple=True), **more
    )
