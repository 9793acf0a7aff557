"""What a head says when he has looked at a card."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from discipline import review


class ReviewForm(ServiceForm):
    """A note, and the seal under which the page was shown."""

    opened_at = forms.CharField(widget=forms.HiddenInput, max_length=400)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, card: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card, self.user = card, user

    def clean_opened_at(self) -> datetime:
        shown = review.opened_at(self.cleaned_data["opened_at"], self.card, self.user)
        if shown is None:
            raise forms.ValidationError(_("Open the card again, then mark it as reviewed."))
        return shown
