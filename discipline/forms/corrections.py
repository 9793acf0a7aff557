"""Forms of appeals and corrections."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from discipline.corrections import rule_of
from discipline.models import Scorecard, ScoreLine

LONGEST = 240
"""Two reasons, the head's and the owner's, fit into one decision."""


class AppealForm(ServiceForm):
    """A person's word against a line."""

    text = forms.CharField(
        label=_("What is not right?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": _("Say in a few words what is not right, so that it can be looked up.")},
    )


class AnswerAppeal(ServiceForm):
    """The answer, and how many points it gives back."""

    delta = forms.IntegerField(label=_("Points to give"), required=False, min_value=0, max_value=999)
    answer = forms.CharField(label=_("Answer"), max_length=LONGEST, required=False)


class Decision(ServiceForm):
    """Yes needs no words, no does: the service says so."""

    decision = forms.CharField(label=_("Reason"), max_length=LONGEST, required=False)


class NewAdjustment(ServiceForm):
    """A correction that somebody enters for one of his people."""

    line = forms.ModelChoiceField(
        label=_("Rule"), queryset=ScoreLine.objects.none(), required=False, empty_label=_("The whole day")
    )
    delta = forms.IntegerField(
        label=_("Points"), min_value=-999, max_value=999, help_text=_("Below zero takes points.")
    )
    text = forms.CharField(
        label=_("Reason"), max_length=LONGEST, help_text=_("The person and the owner read it; the owner signs.")
    )
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, card: Scorecard, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": f"manual:{card.pk}:{uuid4().hex}"})
        super().__init__(*args, **kwargs)
        lines = card.lines.filter(rule__scored=True, rule__trial=False).select_related("rule").defer("evidence")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["line"].label_from_instance = rule_of  # type: ignore[attr-defined]
