"""The form of a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.service import ServiceForm
from accounts.models import Role, Team, User


class TeamForm(ServiceForm):
    """A team's name, place and head. Only heads of sales are offered to lead."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Team.objects.none(), required=False, empty_label=_("At the top")
    )
    head = forms.ModelChoiceField(
        label=_("Head"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, user: User, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(user).in_order()
        heads = User.objects.visible_to(user).active().filter(role=Role.HEAD).by_name()
        if team is not None:
            self.initial.update(name=team.name, parent=team.parent_id, head=team.head_id)
            teams = teams.exclude(path__startswith=team.path)
        self.fields["parent"].queryset = teams  # type: ignore[attr-defined]
        self.fields["head"].queryset = heads  # type: ignore[attr-defined]
