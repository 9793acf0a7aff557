"""The forms of rewards."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from discipline.services.rewards import DEAREST


class RewardForm(ServiceForm):
    name = forms.CharField(label=_("Reward"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    description = forms.CharField(
        label=_("Description"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    points = forms.IntegerField(
        label=_("Points"), min_value=1, max_value=DEAREST, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    active = forms.BooleanField(label=_("Offered"), required=False, initial=True)


class ClaimForm(ServiceForm):
    """The confirmation: which form it is, so that it counts once, and the price that the person was told."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    points = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())


class DecideClaim(ServiceForm):
    give = forms.TypedChoiceField(
        label=_("Your decision"), choices=[("yes", _("Give it")), ("no", _("Refuse, the points go back"))],
        coerce=lambda word: word == "yes", widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A refusal needs a reason."),
    )  # fmt: skip
