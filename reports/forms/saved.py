"""What is asked when a report is kept, and when it is opened to others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import Role, User
from crm.forms.records import line
from reports.models import Report


class SaveReport(ServiceForm):
    """A name, and what it is for."""

    name = line(_("Name"), 80, required=True, placeholder=_("for example: Won by month"))
    note = line(_("What it is for"), 300, placeholder=_("for example: for the meeting on Monday"))


class ShareReport(ServiceForm):
    """Who may open a report: everybody in some roles, and single people."""

    roles = forms.MultipleChoiceField(
        label=_("Everybody who is"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.ModelMultipleChoiceField(
        label=_("People"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": True}),
        help_text=_(
            "Everybody sees in it only what they may see anyway: a manager his own deals, a head those of his team."
        ),
    )

    def __init__(self, data: Any = None, *, report: Report, user: User) -> None:
        shares = list(report.shares.all())
        initial = {
            "roles": [one.role for one in shares if one.role],
            "people": [one.person_id for one in shares if one.person_id],
        }
        super().__init__(data, initial=initial)
        people = User.objects.visible_to(user).active().exclude(pk=user.pk).by_name()
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
