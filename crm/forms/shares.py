"""Whom a record is shared with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from crm.forms.fields import Suggested


class ShareForm(ServiceForm):
    """A colleague, looked for by typing a part of his name."""

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with_"] = forms.ModelChoiceField(
            people,
            label=_("Colleague"),
            widget=Suggested("person"),
            help_text=_("He or she sees the whole card and may log, edit and set tasks, until you take it back."),
            error_messages={
                "required": _("Choose a colleague."),
                "invalid_choice": _("Choose a colleague from the list."),
            },
        )
