"""Which stretch of time is whose scored day.

A working day of a person has a cut-off: his team's deadline or his own shift end, whichever is earlier. Its window runs from
the cut-off of his working day before, without it, to its own, with it: `(opens, cut_off]`. So no moment is lost: what happens
in the evening, on a weekend or a holiday belongs to the next working day. Only rows decide (assignments, policies and
approved calendar days), so that a past window comes out the same whenever it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar

from crm import when
from discipline.models import Assignment, CalendarDay, DayKind, Mode, Scorecard, TeamPolicy

HORIZON = timedelta(minutes=30)
"""How long after the cut-off captured events (telephony, mail, other programs) may still arrive."""
GRACE = timedelta(minutes=15)
"""What is entered within this time of its own end is never late."""
NEXT_STEP_DAYS = 30
"""A task further away than so many local days is no next step."""
ONE_DAY = timedelta(days=1)

Dated = TypeVar("Dated", Assignment, TeamPolicy)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A person's scored day as instants. `since` is when his first window ever opened: what ended before was nobody's day."""

    person_id: int
    team_id: int
    scheme_id: int
    day: date
    zone: str
    mode: str
    since: datetime
    opens: datetime
    cut_off: datetime

    @classmethod
    def of_card(cls, card: Scorecard) -> Window:
        """The window that a card was measured by, from the instants it keeps."""
        return cls(
            person_id=card.user_id,
            team_id=card.team_id,
            scheme_id=card.version.scheme_id,
            day=card.day,
            zone=card.zone,
            mode=card.mode,
            since=card.window_from,
            opens=card.window_from,
            cut_off=card.cut_off,
        )

    @property
    def horizon(self) -> datetime:
        """Until when captured events count; the day may be closed from here on."""
        return self.cut_off + HORIZON

    @cached_property
    def next_step_until(self) -> datetime:
        """The end of the last local day on which a task still is a next step."""
        return when.end_of_day(self.day + timedelta(days=NEXT_STEP_DAYS), self.zone)

    @property
    def scored(self) -> bool:
        """A team that is off has windows, so that switching on begins at one, but no cards."""
        return self.mode != Mode.OFF


class Timetable:
    """Who works when: the assignments, policies and calendars of some people, in three statements."""

    def __init__(
        self, assignments: Iterable[Assignment], policies: Iterable[TeamPolicy], calendar: Iterable[CalendarDay]
    ) -> None:
        self._assignments: dict[int, list[Assignment]] = defaultdict(list)
        self._policies: dict[int, list[TeamPolicy]] = defaultdict(list)
        for assignment in assignments:
            self._assignments[assignment.user_id].append(assignment)
        for policy in policies:
            self._policies[policy.team_id].append(policy)
        self._special = {(day.calendar, day.day): day.kind for day in calendar}
        self._cut_offs: dict[tuple[int, date], datetime | None] = {}
        self._began: dict[int, datetime] = {}

    @classmethod
    def of_people(cls, people: Iterable[int], *, until: date) -> Timetable:
        """The timetable of these people up to and with a day."""
        assignments = list(Assignment.objects.filter(user__in=list(people), starts_on__lte=until))
        return cls._with(assignments, until)

    @classmethod
    def of_teams(cls, teams: Iterable[int] | None, *, first: date, until: date) -> Timetable:
        """The timetable of everybody who is in one of these teams (None: any team) on a day from `first` to `until`."""
        there = Assignment.objects.between(first, until)
        if teams is not None:
            there = there.filter(team__in=list(teams))
        assignments = Assignment.objects.filter(user__in=there.values("user"), starts_on__lte=until)
        return cls._with(list(assignments), until)

    @classmethod
    def _with(cls, assignments: Sequence[Assignment], until: date) -> Timetable:
        teams = {assignment.team_id for assignment in assignments}
        first = min((assignment.starts_on for assignment in assignments), default=until)
        return cls(
            assignments,
            TeamPolicy.objects.filter(team__in=teams, starts_on__lte=until),
            CalendarDay.objects.filter(approved_by__isnull=False, day__range=(first, until)),
        )

    @property
    def people(self) -> list[int]:
        return sorted(self._assignments)

    def window(self, person_id: int, day: date) -> Window | None:
        """The window of a person's day; None when he does not work on it, or nobody has said until when."""
        cut_off, rules = self.cut_off(person_id, day), self._rules(person_id, day)
        if cut_off is None or rules is None:
            return None
        assignment, policy = rules
        opens = self._opens(person_id, day)
        if opens >= cut_off:  # moved so far east that the day before ended later
            return None
        return Window(
            person_id=person_id,
            team_id=assignment.team_id,
            scheme_id=assignment.scheme_id,
            day=day,
            zone=policy.zone,
            mode=policy.mode,
            since=self._since(person_id),
            opens=opens,
            cut_off=cut_off,
        )

    def windows(self, day: date, team_id: int | None = None) -> list[Window]:
        """Everybody's window of a day, by person; of one team when given."""
        found = (self.window(person, day) for person in self.people)
        return [window for window in found if window and team_id in (None, window.team_id)]

    def over_at(self, team_id: int, day: date) -> datetime | None:
        """When a team's day is over for everybody in it, working day or not; None without a policy."""
        policy = _on(self._policies[team_id], day)
        return None if policy is None else when.wall(day, policy.deadline, policy.zone) + HORIZON

    def cut_off(self, person_id: int, day: date) -> datetime | None:
        """When the day must be in: the team's deadline or the shift's end, whichever is earlier; None on a free day."""
        key = (person_id, day)
        if key not in self._cut_offs:
            self._cut_offs[key] = self._find_cut_off(person_id, day)
        return self._cut_offs[key]

    def _find_cut_off(self, person_id: int, day: date) -> datetime | None:
        rules = self._rules(person_id, day)
        if rules is None:
            return None
        assignment, policy = rules
        special = self._special.get((policy.calendar, day))
        if special == DayKind.HOLIDAY or (special is None and day.isoweekday() not in assignment.workdays):
            return None
        return min(
            when.wall(day, policy.deadline, policy.zone),
            when.wall(day, assignment.shift_end, policy.zone),
        )

    def _opens(self, person_id: int, day: date) -> datetime:
        """The cut-off of the working day before; for the first ever, when his rules began."""
        first, _zone = self._first_rules(person_id)
        earlier = day - ONE_DAY
        while earlier >= first:
            cut_off = self.cut_off(person_id, earlier)
            if cut_off is not None:
                return cut_off
            earlier -= ONE_DAY
        return self._since(person_id)

    def _since(self, person_id: int) -> datetime:
        """The local midnight with which his rules began: the first day on which he has a team with a policy."""
        if person_id not in self._began:
            first, zone = self._first_rules(person_id)
            self._began[person_id] = when.wall(first, time(0, 0), zone)
        return self._began[person_id]

    def _first_rules(self, person_id: int) -> tuple[date, str]:
        """The first day on which he has a team with a policy, and its zone."""
        return min(
            (max(assignment.starts_on, policy.starts_on), policy.zone)
            for assignment in self._assignments[person_id]
            for policy in self._policies[assignment.team_id]
            if overlap(assignment, policy)
        )

    def _rules(self, person_id: int, day: date) -> tuple[Assignment, TeamPolicy] | None:
        """The assignment and the policy of a person's day; None when there is not both."""
        assignment = _on(self._assignments[person_id], day)
        policy = None if assignment is None else _on(self._policies[assignment.team_id], day)
        return None if assignment is None or policy is None else (assignment, policy)


def overlap(one: Assignment | TeamPolicy, other: Assignment | TeamPolicy) -> bool:
    """Whether two dated rows have a day in common."""
    return (one.ends_on is None or other.starts_on < one.ends_on) and (
        other.ends_on is None or one.starts_on < other.ends_on
    )


def _on(rows: Sequence[Dated], day: date) -> Dated | None:
    """The row in force on a day."""
    for row in rows:
        if row.starts_on <= day and (row.ends_on is None or day < row.ends_on):
            return row
    return None
