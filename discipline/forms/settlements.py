"""The forms of settlements and of what a point is worth."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import Team, User
from crm.forms.fields import AmountField
from discipline.models import NegativePolicy

DAY = {"type": "date"}
BELOW_ZERO = (
    (NegativePolicy.NONE, _("Nothing is taken")),
    (NegativePolicy.REDUCE, _("Reduce the bonus not earned yet")),
)


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, as browsers send it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **more)


def last_month(today: date) -> tuple[date, date]:
    """The first and last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def last_week(today: date) -> tuple[date, date]:
    """Monday and Sunday of the week before."""
    monday = today - timedelta(days=today.isoweekday() + 6)
    return monday, monday + timedelta(days=6)


class NewSettlement(ServiceForm):
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("Everybody"),
        help_text=_("With the teams below it."),
    )  # fmt: skip
    first = day(_("First day"))
    last = day(_("Last day"), help_text=_("Corrections of earlier days that came late are settled too."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(user).in_order()  # type: ignore[attr-defined]


class SendBack(ServiceForm):
    reason = forms.CharField(
        label=_("What has to be put right"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "autofocus": True})
    )


class SetPay(ServiceForm):
    """What a point is worth; amounts in whole units of the company's currency."""

    team = forms.ModelChoiceField(
        label=_("For"), queryset=Team.objects.none(), required=False, empty_label=_("The company"),
        help_text=_("A team without a rate of its own has the company's."),
    )  # fmt: skip
    starts_on = day(_("From"))
    rate = AmountField(label=_("A point is worth"), required=True)
    negative = forms.ChoiceField(
        label=_("Points below zero"),
        choices=BELOW_ZERO,
        widget=forms.RadioSelect,
        initial=NegativePolicy.NONE,
    )
    pool = AmountField(
        label=_("Variable pool of a person"),
        help_text=_("For one settlement. Points below zero reduce it, never wages."),
    )
    cap_percent = forms.IntegerField(
        label=_("At most this part of the pool, per cent"), min_value=0, max_value=100, initial=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(user).in_order()  # type: ignore[attr-defined]

    def clean_pool(self) -> Decimal:
        return self.cleaned_data["pool"] or Decimal(0)
