"""Whose cards somebody sees: everybody his own, a head those of his teams, owner and coordinator all."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Role
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, Rule, Use, register
from accounts.reach import belongs_to_people_of, teams_of
from discipline.models import LedgerEntry, SchemeVersion, Scorecard, ScoreLine, Snapshot, TeamDay

CARD = (
    "id",
    "user",
    "team",
    "day",
    "mode",
    "zone",
    "window_from",
    "cut_off",
    "horizon",
    "points",
    "posted",
    "closed_at",
)
TEAM_DAY = ("id", "team", "day", "cards", "points", "met", "missed", "closed_at")
VERSION = ("id", "scheme", "number", "effective_from", "published_at", "published_by")


def everything(user: Any) -> Q:
    return EVERYTHING


def cards(user: Any) -> Q:
    return belongs_to_people_of(user, "user")


def days_of_teams(user: Any) -> Q:
    if user.role == Role.HEAD:
        return Q(team__in=teams_of(user).values("pk"))
    return EVERYTHING


def register_all() -> None:
    """Called once the apps are ready."""
    register(Rule(Scorecard, {P.CARD_VIEW: cards}, reads(*CARD)))
    register(Rule(TeamDay, {P.TEAM_DAY_VIEW: days_of_teams}, reads(*TEAM_DAY)))
    register(Rule(SchemeVersion, {P.RULES_VIEW: everything, P.RULES_EDIT: everything}, reads(*VERSION)))
    for model in (ScoreLine, Snapshot, LedgerEntry):
        register(Rule(model, {}, {}))


def reads(*names: str) -> dict[Use, frozenset[str]]:
    return {Use.READ: frozenset(names), Use.EXPORT: frozenset(names)}
