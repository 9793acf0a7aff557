"""What the control system offers in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Group, NavItem, register
from accounts.permissions import Permission


def register_all() -> None:
    """Called once the apps are ready."""
    register(
        NavItem(
            label=_("Team's day"), icon="users-group", url_name="discipline:team-day", group=Group.CONTROL, order=60,
            permission=Permission.TEAM_DAY_VIEW, sections=("discipline:cell",), phone=True,
        ),
        NavItem(
            label=_("Scorecards"), icon="clipboard-check", url_name="discipline:card-list", group=Group.CONTROL, order=70,
            permission=Permission.CARD_VIEW, sections=("discipline:card",),
        ),
        NavItem(
            label=_("Health of the control"), icon="heartbeat", url_name="discipline:upkeep", group=Group.CONTROL, order=190,
            permission=Permission.UPKEEP_VIEW,
        ),
    )  # fmt: skip
