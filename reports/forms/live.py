"""The form of a live connection."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm


class NewAddress(ServiceForm):
    """A name to know it by; what it gives is what was on screen."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("The table that will read it, like “Monday meeting”.")
    )
