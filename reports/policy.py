"""Whose figures somebody reads: everybody his own, a head those of the teams he leads, an owner all; reports are shared one by one."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Q, QuerySet

from accounts.models import Membership, Role, Team, User
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, NOBODY, Rule, Use, register
from accounts.reach import teams_of
from reports.models import LiveAddress, PersonReading, Reading, Report, ReportMail, ReportShare, TeamReading
from reports.moments import Span

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


def people_at(user: Any, span: Span) -> QuerySet[Any, Any] | None:
    """The people (their keys) whose figures of a moment somebody reads, by their teams then; None for everybody. The same as `figures`
    says of rows: a list that opens from a figure holds what the figure counts."""
    if user.role == Role.OWNER:
        return None
    led = teams_of(user) if user.role == Role.HEAD else Team.objects.none()
    return User.objects.filter(Q(pk=user.pk) | _members(led, span)).values("pk")


def in_team(team: int, span: Span) -> QuerySet[Any, Any]:
    """The people (their keys) who were in a team at a moment."""
    return User.objects.filter(_members(Team.objects.filter(pk=team), span)).values("pk")


def _members(teams: QuerySet[Team], span: Span) -> Q:
    """Those whom the reading of the moment counts there, also when a move was dated back since; without one the members of the day."""
    reading = Reading.objects.filter(moment=span.moment)
    counted = PersonReading.objects.filter(reading__in=reading, team__in=teams.values("pk"))
    members = Membership.objects.on(span.day).filter(~Exists(reading), team__in=teams.values("pk"))
    return Q(pk__in=counted.values("person")) | Q(pk__in=members.values("user"))


def own_or_shared(user: Any) -> Q:
    shared = ReportShare.objects.filter(Q(person=user.pk) | Q(role=user.role))
    return own(user) | Q(pk__in=shared.values("report"))


def register_all() -> None:
    """Called once the apps are ready."""
    register(Rule(PersonReading, {P.FIGURE_VIEW: figures}, reads(*FIGURES)))
    register(Rule(TeamReading, {P.TEAM_FIGURE_VIEW: team_figures}, reads("id", "reading", "team", "figures", "about")))
    register(Rule(
        Report,
        {P.REPORT_VIEW: own_or_shared, P.REPORT_EDIT: own, P.REPORT_SHARE: own},
        {**reads(*REPORT), Use.WRITE: frozenset({"name", "note", "definition"})},
    ))  # fmt: skip
    register(Rule(ReportMail, {P.REPORT_MAIL: own}, reads("id", "report", "screen", "rhythm", "at", "active")))
    register(Rule(LiveAddress, {P.LIVE_EDIT: own}, reads("id", "name", "source", "created_at", "last_used_at")))


def reads(*names: str) -> dict[Use, frozenset[str]]:
    return {Use.READ: frozenset(names), Use.EXPORT: frozenset(names)}
