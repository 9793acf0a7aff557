"""A team's days: which policy holds, what the calendar says, until when a day runs after all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypeVar

from crm import when
from discipline.models import Assignment, CalendarDay, DeadlineShift, TeamPolicy
from discipline.windows import HORIZON

Dated = TypeVar("Dated", Assignment, TeamPolicy)
Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)

wall = lru_cache(maxsize=8192)(when.wall)
"""`crm.when.wall`, remembered: a team's people share its times."""


class Almanac:
    """The days of some teams, from rows that are there already."""

    def __init__(
        self, policies: Iterable[TeamPolicy], calendar: Iterable[CalendarDay], shifts: Iterable[DeadlineShift]
    ) -> None:
        self.policies = by(policies, lambda one: one.team_id)
        self._calendar = by(calendar, lambda one: (one.calendar, one.day))
        self._shifts = by(shifts, lambda one: (one.team_id, one.day))

    def policy(self, team_id: int, day: date) -> TeamPolicy | None:
        """The policy in force on a day."""
        return on(self.policies[team_id], day)

    def over_at(self, team_id: int, day: date) -> datetime | None:
        """When a team's day is over for everybody in it, working day or not; None without a policy."""
        policy = self.policy(team_id, day)
        if policy is None:
            return None
        deadlines = [policy.deadline, *(shift.deadline for shift in self._shifts[team_id, day])]
        return max(wall(day, deadline, policy.zone) for deadline in deadlines) + HORIZON

    def deadline(self, team_id: int, day: date, asked: time | None = None) -> datetime | None:
        """A team's deadline on a day, short or shifted as it may be, or what `asked` would make it; None without a policy."""
        policy = self.policy(team_id, day)
        if policy is None:
            return None
        if asked is not None:
            return wall(day, asked, policy.zone)
        return self.shifted(wall(day, self._unshifted(policy, day), policy.zone), policy, day)

    def shifted(self, plain: datetime, policy: TeamPolicy, day: date) -> datetime:
        """A cut-off on a day with another deadline: later by as much as the team's is; earlier, at most the new one.

        A shift counts when it was recorded by the horizon of the cut-off that held until then.
        """
        shifts = self._shifts.get((policy.team_id, day))
        if not shifts:
            return plain
        cut_off = plain
        base = wall(day, self._unshifted(policy, day), policy.zone)
        for shift in shifts:
            if shift.recorded_at <= cut_off + HORIZON:
                asked = wall(day, shift.deadline, policy.zone)
                cut_off = plain + (asked - base) if asked >= base else min(plain, asked)
        return cut_off

    def special(self, policy: TeamPolicy, day: date, known: datetime | None = None) -> CalendarDay | None:
        """What the calendar said of a day, as known at a moment, by default at the day's own horizon."""
        rows = self._calendar.get((policy.calendar, day))
        if not rows:
            return None
        moment = known or wall(day, policy.deadline, policy.zone) + HORIZON
        for row in rows:
            if row.approved_at is not None and row.approved_at <= moment and not ended(row.removed_at, moment):
                return row
        return None

    def short(self, policy: TeamPolicy, day: date, known: datetime | None = None) -> time | None:
        """When a short day ends; None for any other."""
        special = self.special(policy, day, known)
        return special.ends_at if special else None

    def _unshifted(self, policy: TeamPolicy, day: date) -> time:
        """The team's deadline by policy and calendar alone."""
        short = self.short(policy, day)
        return min(policy.deadline, short) if short else policy.deadline


def overlap(one: Assignment | TeamPolicy, other: Assignment | TeamPolicy) -> bool:
    """Whether two dated rows have a day in common."""
    return (one.ends_on is None or other.starts_on < one.ends_on) and (
        other.ends_on is None or one.starts_on < other.ends_on
    )


def on(rows: Sequence[Dated], day: date) -> Dated | None:
    """The row in force on a day."""
    for row in rows:
        if row.starts_on <= day and (row.ends_on is None or day < row.ends_on):
            return row
    return None


def by(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Rows in lists by a key; a key without rows has an empty list."""
    grouped: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped


def ended(at: datetime | None, moment: datetime) -> bool:
    """Whether something that may have ended had ended by a moment."""
    return at is not None and at <= moment
