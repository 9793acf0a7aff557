"""Teams and their hours: who is due when, and one team whole: deadline, mode with its gate, shifts, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import EventKind, Role, Team
from accounts.reach import teams_of
from crm.when import local_day
from discipline import gate
from discipline.almanac import by, on
from discipline.forms.hours import WEEKDAYS
from discipline.gate import Check
from discipline.models import Assignment, DeadlineShift, Mode, TeamPolicy
from discipline.timetable import STEPS, Timetable

SHOWN = 20
LOOK = {
    Mode.OFF: ("player-stop", "none"),
    Mode.TRIAL: ("flask", "info"),
    Mode.SOFT: ("feather", "watch"),
    Mode.LIVE: ("bolt", "good"),
}


@dataclass(frozen=True)
class Entry:
    """A team in the list with what holds today and what comes next."""

    team: Team
    policy: TeamPolicy | None
    coming: TeamPolicy | None
    people: int

    @property
    def icon(self) -> str:
        return LOOK[Mode(self.policy.mode)][0] if self.policy else "minus"

    @property
    def tone(self) -> str:
        return LOOK[Mode(self.policy.mode)][1] if self.policy else "none"


@dataclass(frozen=True)
class Person:
    """Somebody of the team on a day: his row, his week in words, and how far he is into his start."""

    row: Assignment
    week: str
    ramp: int | None
    signed: bool


@dataclass(frozen=True)
class TeamPage:
    """All about a team's hours."""

    entry: Entry
    today: date
    history: list[TeamPolicy]
    shifts: list[DeadlineShift]
    checks: list[Check]
    people: list[Person]
    events: list[Any]

    @property
    def missing(self) -> int:
        return sum(not check.done for check in self.checks)


def teams(user: Any) -> QuerySet[Team]:
    """The teams whose hours somebody looks after: a head his, the coordinator all."""
    found = teams_of(user) if user.role == Role.HEAD else Team.objects.visible_to(user)
    return found.select_related("head").order_by("path")


def read(user: Any, now: datetime) -> list[Entry]:
    """Every team that somebody looks after, in three statements."""
    listed = list(teams(user))
    policies = by(TeamPolicy.objects.filter(team__in=listed), lambda one: one.team_id)
    today = local_day(now, "UTC")
    scored = Assignment.objects.on(today).filter(team__in=listed, user__is_active=True).values_list("team", flat=True)
    counts = list(scored)
    return [_entry(team, policies.get(team.pk, []), counts.count(team.pk), now) for team in listed]


def read_team(team: Team, now: datetime) -> TeamPage:
    """One team with its history, people and, until it is live, the gate."""
    history = list(TeamPolicy.objects.filter(team=team).order_by("-starts_on"))
    today = local_day(now, history[0].zone if history else "UTC")
    rows = list(_scored(team, today))
    shifts = DeadlineShift.objects.filter(team=team, day__gte=today - timedelta(days=30)).select_related("decided_by")
    live = bool(history) and history[0].mode == Mode.LIVE
    return TeamPage(
        entry=_entry(team, history, len(rows), now), today=today, history=history,
        shifts=list(shifts.order_by("-day", "-pk")[:SHOWN]), checks=[] if live else gate.checklist(team, now),
        people=_people(team, rows, today), events=list(_events(team)),
    )  # fmt: skip


def _entry(team: Team, policies: list[TeamPolicy], people: int, now: datetime) -> Entry:
    today = local_day(now, policies[0].zone if policies else "UTC")
    coming = min((one for one in policies if one.starts_on > today), key=lambda one: one.starts_on, default=None)
    return Entry(team, on(policies, today), coming, people)


def _scored(team: Team, today: date) -> QuerySet[Assignment]:
    rows = Assignment.objects.on(today).filter(team=team, user__is_active=True)
    return rows.select_related("user", "scheme").order_by("user__full_name", "pk")


def _people(team: Team, rows: list[Assignment], today: date) -> list[Person]:
    unsigned = set(gate.unsigned(team, today).values_list("user", flat=True))
    timetable = Timetable.of_people([one.user_id for one in rows], first=today, until=today) if rows else None
    ramps = {one.pk: timetable.ramp(one, today) if timetable else 100 for one in rows}
    return [
        Person(
            one, week(one.workdays), ramps[one.pk] if ramps[one.pk] < STEPS[-1] else None, one.user_id not in unsigned
        )
        for one in rows
    ]


def _events(team: Team) -> QuerySet[Any]:
    return team.access_events.filter(kind=EventKind.MODE).select_related("by")[:SHOWN]


def week(workdays: list[int]) -> str:
    """ "Mon–Fri", or the days one by one."""
    names = {number: str(name) for number, name in WEEKDAYS}
    days = sorted(workdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[days[0]]}–{names[days[-1]]}"
    return ", ".join(names[day] for day in days)
