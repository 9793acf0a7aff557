"""Which entry of the queue is meant, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms import ServiceForm
from crm.models import QueueMark
from crm.queue_page import MODELS, Key

LARGEST_KEY = 2**63 - 1


class EntryForm(ServiceForm):
    """An entry by its key."""

    noun = forms.ChoiceField(choices=[(noun, noun) for noun in MODELS])
    record = forms.IntegerField(min_value=1, max_value=LARGEST_KEY)

    @property
    def key(self) -> Key:
        """The key of a valid form."""
        values: dict[str, Any] = self.cleaned_data
        return values["noun"], values["record"]


class MarkEntry(EntryForm):
    """It is done, put off until later today, or left for another day."""

    mark = forms.ChoiceField(choices=QueueMark.Mark.choices)


class FollowEntry(EntryForm):
    """It was on the screen since `shown`."""

    shown = forms.DateTimeField()
