"""The forms of a new scheme, of publishing its draft, and of playing it over past days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import Team
from discipline.models import Scheme
from discipline.services.schemes import LONGEST_NAME
from discipline.services.simulations import LEAST_DAYS, MOST_DAYS


class NewScheme(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    like = forms.ModelChoiceField(
        Scheme.objects.filter(versions__published_at__isnull=False).distinct().order_by("name"),
        label=_("Begin with the rules of"),
        required=False,
        empty_label=_("the standard"),
    )


class PublishDraft(ServiceForm):
    on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Tomorrow or later. Windows that are open already keep the rules they opened with."),
    )

    def __init__(self, data: Any = None, *, first: date, **kwargs: Any) -> None:
        super().__init__(data, initial={"on": first}, **kwargs)
        self.fields["on"].widget.attrs["min"] = first.isoformat()


class Simulate(ServiceForm):
    team = forms.ModelChoiceField(Team.objects.none(), label=_("For whom"), required=False, empty_label=_("everybody"))
    days = forms.IntegerField(
        label=_("Over how many closed days"),
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        initial=30,
        help_text=_("The last 10 to 90."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        teams: forms.ModelChoiceField = self.fields["team"]  # type: ignore[assignment]
        teams.queryset = Team.objects.order_by("path")
