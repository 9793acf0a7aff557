"""What the control system offers in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Group, NavItem, register
from accounts.permissions import Permission
from discipline import waiting


def register_all() -> None:
    """Called once the apps are ready."""
    register(
        NavItem(
            label=_("Team's day"), icon="users-group", url_name="discipline:team-day", group=Group.CONTROL, order=60,
            permission=Permission.TEAM_DAY_VIEW, phone=True,
            sections=("discipline:cell", "discipline:period", "discipline:review", "discipline:signals"),
        ),
        NavItem(
            label=_("Scorecards"), icon="clipboard-check", url_name="discipline:card-list", group=Group.CONTROL, order=70,
            permission=Permission.CARD_VIEW, sections=("discipline:card",),
        ),
        NavItem(
            label=_("Corrections"), icon="scale", url_name="discipline:correction-list", group=Group.CONTROL, order=80,
            permission=Permission.ADJUSTMENT_VIEW, count=waiting.rows_for, sections=("discipline:adjustment", "discipline:appeal"),
        ),
        NavItem(
            label=_("Leave"), icon="beach", url_name="discipline:leave-list", group=Group.CONTROL, order=90,
            permission=Permission.LEAVE_VIEW,
        ),
        NavItem(
            label=_("Hours and calendar"), icon="calendar-clock", url_name="discipline:hours", group=Group.CONTROL, order=130,
            permission=Permission.DEADLINE_SHIFT, sections=("discipline:calendar", "discipline:outage"),
        ),
        NavItem(
            label=_("Health of the control"), icon="heartbeat", url_name="discipline:upkeep", group=Group.CONTROL, order=190,
            permission=Permission.UPKEEP_VIEW,
        ),
        NavItem(
            label=_("Rules"), icon="book", url_name="discipline:rules", group=Group.CONTROL, order=110, permission=Permission.RULES_VIEW,
            sections=("discipline:scheme", "discipline:draft", "discipline:rule-", "discipline:simulation"),
        ),
        NavItem(
            label=_("Plans"), icon="target", url_name="discipline:plan-list", group=Group.CONTROL, order=120,
            permission=Permission.PLAN_VIEW,
        ),
        NavItem(
            label=_("Rewards"), icon="gift", url_name="discipline:reward-list", group=Group.CONTROL, order=150,
            permission=Permission.REWARD_VIEW,
        ),
        NavItem(
            label=_("Settlement"), icon="receipt", url_name="discipline:settlement-list", group=Group.CONTROL, order=160,
            permission=Permission.STATEMENT_VIEW, sections=("discipline:statement", "discipline:pay"),
        ),
    )  # fmt: skip
