"""Where dates meet instants: the only module that turns one into the other."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0, 0)


def wall(day: date, at: time, zone: str) -> datetime:
    """The instant at which clocks in `zone` show `at` on `day`.

    Where that wall time comes twice or not at all (clock change), the later of the two readings, so that nobody's deadline
    comes early.
    """
    readings = (datetime.combine(day, at, ZoneInfo(zone)).replace(fold=fold) for fold in (0, 1))
    return max(reading.astimezone(ZoneInfo("UTC")) for reading in readings)


def local_day(moment: datetime, zone: str) -> date:
    """The date that calendars in `zone` show at `moment`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str) -> datetime:
    """The instant at which `day` is over in `zone`."""
    return wall(day + timedelta(days=1), MIDNIGHT, zone)


def due(value: date | datetime, zone: str) -> tuple[datetime, bool]:
    """When a task falls due and whether that has a time: an instant as it is, a date at the end of that local day."""
    if isinstance(value, datetime):
        return value, True
    return end_of_day(value, zone), False


def day_or_moment(due_at: datetime, zone: str) -> datetime | date:
    """What somebody meant by a due time: a whole day when it falls due at the end of one, else the moment."""
    before = local_day(due_at, zone) - timedelta(days=1)
    return before if end_of_day(before, zone) == due_at else due_at


def next_workday(day: date) -> date:
    """The first day after `day` that is no Saturday or Sunday."""
    following = day + timedelta(days=1)
    while following.isoweekday() > 5:
        following += timedelta(days=1)
    return following


TEN = time(10, 0)
FOUR = time(16, 0)


def next_steps(now: datetime, zone: str) -> dict[str, datetime]:
    """The usual times of a next step by name, in order: those still ahead, each instant once, workdays only after today.

    "today_16", "tomorrow_10" (the next workday), "in_3_days", "next_week" (its Monday).
    """
    today = local_day(now, zone)
    monday = today + timedelta(days=8 - today.isoweekday())
    usual = {
        "today_16": wall(today, FOUR, zone),
        "tomorrow_10": wall(next_workday(today), TEN, zone),
        "in_3_days": wall(next_workday(today + timedelta(days=2)), TEN, zone),
        "next_week": wall(monday, TEN, zone),
    }
    offered: dict[str, datetime] = {}
    for name, moment in usual.items():
        if moment > now and moment not in offered.values():
            offered[name] = moment
    return offered
