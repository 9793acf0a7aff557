"""Whose figures somebody reads: everybody his own, a head those of the teams he leads, an owner all; reports are shared one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Membership, Role, Team, User
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, NOBODY, Rule, Use, register
from accounts.reach import teams_of
from reports.models import LiveAddress, PersonReading, Report, ReportMail, ReportShare, TeamReading

FIGURES = ("id", "reading", "person", "team", "figures")
REPORT = ("id", "name", "note", "definition", "user", "changed_at")


def own(user: Any) -> Q:
    return Q(user=user.pk)


def figures(user: Any) -> Q:
    """By the team that somebody was in on that day: the figures of a team belong to its head."""
    if user.role == Role.OWNER:
        return EVERYTHING
    mine = Q(person=user.pk)
    return mine | Q(team__in=teams_of(user).values("pk")) if user.role == Role.HEAD else mine


def team_figures(user: Any) -> Q:
    if user.role == Role.OWNER:
        return EVERYTHING
    return Q(team__in=teams_of(user).values("pk")) if user.role == Role.HEAD else NOBODY


def people_on(user: Any, day: date) -> QuerySet[Any, Any] | None:
    """The people (their keys) whose figures of a day somebody reads, by their teams of that day; None for everybody. The same as
    `figures` says of rows: a list that opens from a figure holds what the figure counts."""
    if user.role == Role.OWNER:
        return None
    led = teams_of(user) if user.role == Role.HEAD else Team.objects.none()
    members = Membership.objects.on(day).filter(team__in=led)
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=members.values("user"))).values("pk")


def own_or_shared(user: Any) -> Q:
    shared = ReportShare.objects.filter(Q(person=user.pk) | Q(role=user.role))
    return own(user) | Q(pk__in=shared.values("report"))


def register_all() -> None:
    """Called once the apps are ready."""
    register(Rule(PersonReading, {P.FIGURE_VIEW: figures}, reads(*FIGURES)))
    register(Rule(TeamReading, {P.TEAM_FIGURE_VIEW: team_figures}, reads(*FIGURES, "about")))
    register(Rule(
        Report,
        {P.REPORT_VIEW: own_or_shared, P.REPORT_EDIT: own, P.REPORT_SHARE: own},
        {**reads(*REPORT), Use.WRITE: frozenset({"name", "note", "definition"})},
    ))  # fmt: skip
    register(Rule(ReportMail, {P.REPORT_MAIL: own}, reads("id", "report", "screen", "rhythm", "at", "active")))
    register(Rule(LiveAddress, {P.LIVE_EDIT: own}, reads("id", "name", "source", "created_at", "last_used_at")))


def reads(*names: str) -> dict[Use, frozenset[str]]:
    return {Use.READ: frozenset(names), Use.EXPORT: frozenset(names)}
