"""The forms of the company's settings and of the coordinator's access."""

from __future__ import annotations

from babel import Locale
from babel.numbers import get_currency_name, list_currencies
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from accounts.forms import ServiceForm
from accounts.forms.fields import LongSelect
from crm.models import NextStep
from crm.services.grants import LONGEST


def currencies() -> list[tuple[str, str]]:
    """Every currency in use, by its code, with its name in the reader's language."""
    language = get_language() or "en"
    return [
        (code, f"{code} · {get_currency_name(code, locale=language)}") for code in sorted(list_currencies(locale="en"))
    ]


def countries() -> list[tuple[str, str]]:
    """Countries by their names in the reader's language."""
    names = Locale(get_language() or "en").territories
    return sorted(((code, names.get(code, code)) for code in SUPPORTED_REGIONS), key=lambda pair: pair[1])


class SettingsForm(ServiceForm):
    company_name = forms.CharField(label=_("Company"), max_length=120)
    next_step = forms.ChoiceField(
        label=_("When a deal loses its last task"), choices=NextStep.choices, widget=forms.RadioSelect
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currencies,
        widget=LongSelect,
        help_text=_("For new deals; amounts that are there keep theirs."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=countries,
        widget=LongSelect,
        help_text=_("Phone numbers and tax numbers without a prefix are read as of this country."),
    )


class TakeGrant(ServiceForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The owners will read it."),
    )
    hours = forms.IntegerField(
        label=_("Hours"),
        min_value=1,
        max_value=LONGEST,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
