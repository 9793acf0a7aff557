"""A file to hang on a record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm


class AttachFile(ServiceForm):
    """One file from the person's device."""

    upload = forms.FileField(
        label=_("File"),
        max_length=200,
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty. Choose another one.")},
    )
