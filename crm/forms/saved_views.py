"""The name of a kept view, and for whom it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import holds
from crm.services import views


class SaveView(ServiceForm):
    """What to call it; who leads a team may offer it to the team."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("It appears as a tab above the list. The same name replaces the view of yours that has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if holds(user, Permission.VIEW_SHARE):
            teams = Team.objects.filter(pk__in=[team.pk for team in views.teams_for(user)])
            self.fields["team"] = forms.ModelChoiceField(
                teams, label=_("For"), required=False, empty_label=_("Only me"),
                help_text=_("The people of the team, and of those below it, see it as a tab as well."),
            )  # fmt: skip


class EditView(SaveView):
    """Another name, another team, and whether it takes over what the list shows now."""

    def __init__(self, *args: Any, changed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = ""
        if changed:
            self.fields["renew"] = forms.BooleanField(
                label=_("Keep what the list shows now"), required=False,
                help_text=_("The filters, columns and order on screen replace those of the view."),
            )  # fmt: skip
