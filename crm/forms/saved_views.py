"""The name of a kept view."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm


class SaveView(ServiceForm):
    """What to call it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("It appears as a tab above the list, for you alone. The same name replaces the view that has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
