"""Which of two clients stays, and whose values it gets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from crm.forms.fields import Suggested
from crm.merge_page import SIDES, Comparison

TAKE = "take-"


def asked(data: Any) -> tuple[str, dict[str, str]]:
    """Who stays and whose values are taken, as far as the address or the form says."""
    sides = {name.removeprefix(TAKE): data[name] for name in data if name.startswith(TAKE)}
    return data.get("keeps", ""), {name: side for name, side in sides.items() if side in (*SIDES, "both")}


class MergeForm(ServiceForm):
    """Sends what was chosen, with the stamps of both clients as they were looked at."""

    keeps = forms.ChoiceField(choices=[(side, side) for side in SIDES], required=False)
    seen_first = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_second = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparison = comparison

    def arguments(self) -> dict[str, Any]:
        shown = self.comparison
        seen = {"first": self.cleaned_data["seen_first"], "second": self.cleaned_data["seen_second"]}
        stamps = {getattr(shown, side).pk: stamp for side, text in seen.items() if (stamp := _stamp(text)) is not None}
        return {
            "noun": shown.noun,
            "survivor": shown.kept.pk,
            "merged": shown.gone.pk,
            "choices": shown.choices,
            "seen_at": stamps,
            "overridden": bool(self.cleaned_data.get("overridden")),
        }


class OtherForm(ServiceForm):
    """The client that is the same as this one."""

    def __init__(self, *args: Any, noun: str, others: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = forms.ModelChoiceField(
            others,
            label=_("The same as"),
            widget=Suggested(noun),
            error_messages={
                "required": _("Choose the other one."),
                "invalid_choice": _("Choose one from the list that you may change."),
            },
        )


def _stamp(text: str) -> datetime | None:
    try:
        seen = datetime.fromisoformat(text)
    except ValueError:
        return None
    return seen if seen.tzinfo else None
