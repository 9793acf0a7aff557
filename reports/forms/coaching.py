"""What a coaching note asks: for whom it is, what, when, and what is to be said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from crm.forms.records import OnceForm
from crm.forms.tasks import DueForm


class CoachingNote(OnceForm, DueForm):
    """A note becomes a task: of the head, who prepares a talk, or of the person himself."""

    whose = forms.ChoiceField(label=gettext_lazy("Whose task"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("What"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whose"]
        field.choices = [
            ("mine", _("Mine: I prepare a talk")),
            ("theirs", _("%(name)s's: to think about") % {"name": person.get_short_name()}),
        ]
        self.initial.setdefault("whose", "mine")
