"""A calendar's year at a glance, and its days in a list."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dates import MONTHS
from django.utils.formats import date_format

from accounts.models import Membership
from discipline.models import CalendarDay, DayKind, TeamPolicy

LOOKS = {
    DayKind.HOLIDAY: ("confetti", "bad"),
    DayKind.SHORT: ("clock-hour-3", "watch"),
    DayKind.WORKDAY: ("briefcase", "good"),
}


@dataclass(frozen=True)
class Cell:
    """A day in the year's picture. `tone` and `title` only where it differs from the week."""

    day: date
    weekend: bool
    today: bool
    tone: str = ""
    title: str = ""
    waiting: bool = False


@dataclass(frozen=True)
class Entry:
    """A day in the list; `ahead` days may still change."""

    row: CalendarDay
    icon: str
    tone: str
    ahead: bool


@dataclass(frozen=True)
class Page:
    calendar: str
    calendars: list[str]
    year: int
    months: list[tuple[str, list[list[Cell | None]]]]
    weekdays: list[tuple[str, str]]
    entries: list[Entry]
    teams: list[str]

    @property
    def waiting(self) -> int:
        """How many days ahead nobody has approved yet."""
        return sum(entry.ahead and entry.row.approved_by_id is None for entry in self.entries)


def names() -> list[str]:
    """Every calendar that has days or is chosen by a team, the company's own ("") always."""
    chosen = TeamPolicy.objects.order_by().values_list("calendar")
    known = CalendarDay.objects.order_by().values_list("calendar")
    return sorted({name for (name,) in chosen.union(known)} | {""})


def own(user: Any, today: date) -> str:
    """The calendar of somebody's team, else the company's own."""
    teams = Membership.objects.on(today).filter(user=user).values("team")
    policy = TeamPolicy.objects.on(today).filter(team__in=teams).first()
    return policy.calendar if policy else ""


def read(calendar: str, calendars: list[str], year: int, today: date) -> Page:
    """A year of a calendar: two statements."""
    rows = CalendarDay.objects.standing().filter(calendar=calendar, day__year=year).select_related("approved_by")
    entries = [Entry(row, *LOOKS[DayKind(row.kind)], ahead=row.day > today) for row in rows.order_by("day")]
    cells = {entry.row.day: entry for entry in entries}
    teams = TeamPolicy.objects.on(today).filter(calendar=calendar).order_by("team__path")
    monday = Calendar().monthdatescalendar(2026, 6)[0]
    return Page(
        calendar=calendar, calendars=calendars, year=year, entries=entries,
        months=[(str(MONTHS[month]), _weeks(year, month, cells, today)) for month in range(1, 13)],
        weekdays=[(date_format(day, "D")[:1], date_format(day, "l")) for day in monday],
        teams=list(teams.values_list("team__name", flat=True)),
    )  # fmt: skip


def _weeks(year: int, month: int, entries: Mapping[date, Entry], today: date) -> list[list[Cell | None]]:
    weeks = Calendar().monthdatescalendar(year, month)
    return [[_cell(day, entries.get(day), today) if day.month == month else None for day in week] for week in weeks]


def _cell(day: date, entry: Entry | None, today: date) -> Cell:
    weekend = day.isoweekday() > 5
    if entry is None:
        return Cell(day, weekend, day == today)
    title = entry.row.name or str(entry.row.get_kind_display())
    return Cell(day, weekend, day == today, entry.tone, title, entry.row.approved_by_id is None)
