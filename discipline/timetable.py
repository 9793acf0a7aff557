"""Who works when: one person's days, from his assignments, his team's policies, calendars, leave and shifted deadlines.

Everything that is decided during a day counts for it only when it was recorded by the day's own horizon, so that a past window
comes out the same for ever. Whoever looks back with later knowledge (`knowing`) sees what the day would have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.together import together
from crm import when
from discipline.almanac import Almanac, by, ended, on, overlap, wall
from discipline.models import Assignment, CalendarDay, DayKind, DeadlineShift, Leave, Mode, Outage, TeamPolicy
from discipline.windows import HORIZON, Span, Window

ONE_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
LONGEST_DAY = timedelta(days=2)
TRIAL_WORKDAYS = 10
FORTNIGHT = 14
STEPS = (50, 75, 100)
"""A new hire's thresholds, in per cent, fortnight by fortnight after the trial."""
SETTLED_IN = timedelta(days=400)
"""Whoever was hired longer ago is no new hire, however long he was away."""

LOOKING_BACK = timedelta(days=35)
"""Who was not on leave within so many days before has worked in them; whoever was, or worked in none, is looked up further back."""


@dataclass(frozen=True)
class Day:
    """A person's working day: its cut-off, and minutes scheduled and absent."""

    cut_off: datetime
    scheduled: int
    absent: int

    @property
    def free(self) -> bool:
        """Wholly on leave."""
        return self.scheduled > 0 and self.absent >= self.scheduled


@dataclass(frozen=True)
class Week:
    """The week that ends with a window: when it opened, and minutes scheduled and absent in it."""

    opens: datetime
    scheduled: int
    absent: int


class Timetable:
    """The windows of some people, from rows read in seven statements at most."""

    def __init__(
        self,
        assignments: Iterable[Assignment],
        policies: Iterable[TeamPolicy],
        calendar: Iterable[CalendarDay],
        leaves: Iterable[Leave] = (),
        shifts: Iterable[DeadlineShift] = (),
        outages: Iterable[Outage] = (),
        *,
        knowing: datetime | None = None,
    ) -> None:
        self._assignments: dict[int, list[Assignment]] = by(assignments, lambda one: one.user_id)
        self.teams = Almanac(policies, calendar, shifts)
        self._leaves: dict[int, list[Leave]] = by(leaves, lambda one: one.user_id)
        self._outages = list(outages)
        self._knowing = knowing
        self._days: dict[tuple[int, date], Day | None] = {}
        self._began: dict[int, tuple[date, str] | None] = {}
        self._settled: dict[tuple[int, date], date | None] = {}

    @classmethod
    def of_people(
        cls, people: Iterable[int], *, until: date, first: date | None = None, knowing: datetime | None = None, at_once: bool = False
    ) -> Timetable:  # fmt: skip
        """The timetable of these people up to and with a day; from `first` on, or from ever; `at_once` in two trips, where rows are few."""
        assignments = list(Assignment.objects.filter(user__in=list(people), starts_on__lte=until + A_WEEK))
        return cls._with(assignments, first, until, knowing, at_once=at_once)

    @classmethod
    def of_teams(
        cls, teams: Iterable[int] | None, *, first: date, until: date, knowing: datetime | None = None
    ) -> Timetable:
        """The timetable of everybody who is in one of these teams (None: any team) on a day from `first` to `until`."""
        there = Assignment.objects.between(first, until)
        if teams is not None:
            there = there.filter(team__in=list(teams))
        assignments = Assignment.objects.filter(user__in=there.values("user"), starts_on__lte=until + A_WEEK)
        return cls._with(list(assignments), first, until, knowing)

    @classmethod
    def _with(
        cls, assignments: Sequence[Assignment], first: date | None, until: date, knowing: datetime | None, *, at_once: bool = False
    ) -> Timetable:  # fmt: skip
        """Leave is read as far back as the days asked for can reach: for most people some weeks, for few all of it."""
        teams = {assignment.team_id for assignment in assignments}
        people = {assignment.user_id for assignment in assignments}
        began = min((assignment.hired_on or assignment.starts_on for assignment in assignments), default=until)
        monday = None if first is None else first - timedelta(days=first.isoweekday() - 1)
        leave_from = began if monday is None else max(began, monday - LOOKING_BACK)
        since, later = _utc(began) - LONGEST_DAY, _utc(until + A_WEEK) + LONGEST_DAY
        leaves = Leave.objects.ever_approved().filter(user__in=people).touching(_utc(leave_from) - LONGEST_DAY, later)
        asked = (
            TeamPolicy.objects.filter(team__in=teams, starts_on__lte=until + A_WEEK),
            CalendarDay.objects.ever_approved().filter(day__gte=began),
            leaves,
            DeadlineShift.objects.filter(team__in=teams, day__range=(began, until + A_WEEK)),
            Outage.objects.filter(from_at__lt=later, until_at__gt=since),
        )
        timetable = cls(assignments, *(together(*asked) if at_once else asked), knowing=knowing)
        if monday is not None and leave_from > began:
            timetable._look_further_back(monday, leave_from, later)
        return timetable

    def _look_further_back(self, monday: date, leave_from: date, later: datetime) -> None:
        """Read all the leave of those whose days from `monday` on may hang on leave before `leave_from`."""
        further = [person for person in self.people if self._hangs_on_more(person, monday, leave_from)]
        self._leaves.update(
            by(
                Leave.objects.ever_approved().filter(user__in=further, from_at__lt=later),
                lambda one: one.user_id,
            )
        )
        reread = set(further)
        self._days = {key: day for key, day in self._days.items() if key[0] not in reread}

    def _hangs_on_more(self, person_id: int, monday: date, leave_from: date) -> bool:
        hired = (one.hired_on for one in self._assignments[person_id] if one.hired_on)
        if any(monday - SETTLED_IN <= one < leave_from for one in hired):
            return True
        rules = self._first_rules(person_id)
        if rules is None or rules[0] >= leave_from:
            return False
        before = self._day_before(person_id, monday)
        return before is None or before < leave_from

    @property
    def people(self) -> list[int]:
        return sorted(self._assignments)

    def window(self, person_id: int, day: date) -> Window | None:
        """The window of a person's day; None when he does not work on it, or nobody has said until when."""
        worked, rules = self.day(person_id, day), self._rules(person_id, day)
        if worked is None or worked.free or rules is None:
            return None
        assignment, policy = rules
        before = self._day_before(person_id, day)
        opens = self._since(person_id) if before is None else self._over_with(person_id, before)
        if opens >= worked.cut_off:  # moved so far east that the day before ended later
            return None
        ramp = self.ramp(assignment, day)
        return Window(
            person_id=person_id,
            team_id=assignment.team_id,
            scheme_id=assignment.scheme_id,
            day=day,
            zone=policy.zone,
            mode=Mode.TRIAL if ramp == 0 and policy.mode in (Mode.SOFT, Mode.LIVE) else policy.mode,
            since=self._since(person_id),
            opens=opens,
            cut_off=worked.cut_off,
            scheduled=worked.scheduled,
            absent=worked.absent,
            ramp=ramp or 100,
            away=self._away(person_id, before, day, policy.zone, worked.cut_off),
            out=self._out(assignment, policy, day, opens, worked.cut_off),
        )

    def windows(self, day: date, team_id: int | None = None) -> list[Window]:
        """Everybody's window of a day, by person; of one team when given."""
        found = (self.window(person, day) for person in self.people)
        return [window for window in found if window and team_id in (None, window.team_id)]

    def over_at(self, team_id: int, day: date) -> datetime | None:
        """When a team's day is over for everybody in it, working day or not; None without a policy."""
        return self.teams.over_at(team_id, day)

    def cut_off(self, person_id: int, day: date) -> datetime | None:
        """When the day must be in: the team's deadline or the shift's end, whichever is earlier; None on a free day."""
        worked = self.day(person_id, day)
        return None if worked is None or worked.free else worked.cut_off

    def day(self, person_id: int, day: date) -> Day | None:
        """A person's working day, also one wholly on leave; None when he would not have worked."""
        key = (person_id, day)
        if key not in self._days:
            self._days[key] = self._find_day(person_id, day)
        return self._days[key]

    def week(self, window: Window) -> Week | None:
        """The week that ends with this window: None when, as known by its horizon, he works on another day of the same week."""
        monday = window.day - timedelta(days=window.day.isoweekday() - 1)
        for ahead in range(1, 8 - window.day.isoweekday()):
            later = self._find_day(window.person_id, window.day + timedelta(days=ahead), known=window.cut_off + HORIZON)
            if later is not None and not later.free:
                return None
        days = [monday + timedelta(days=n) for n in range((window.day - monday).days + 1)]
        worked = [(day, facts) for day in days if (facts := self.day(window.person_id, day)) is not None]
        first = next(day for day, facts in worked if not facts.free)
        opened = self.window(window.person_id, first)
        return Week(
            opened.opens if opened else window.opens,
            sum(facts.scheduled for _day, facts in worked),
            sum(min(facts.absent, facts.scheduled) for _day, facts in worked),
        )

    def workdays(self, person_id: int, first: date, last: date, known: datetime | None = None) -> int:
        """How many days a person is scheduled to work from `first` to `last`, leave or not, by the calendar `known` at a moment."""
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(self._works(person_id, day, known) for day in span)

    # --- one day ---

    def _find_day(self, person_id: int, day: date, known: datetime | None = None) -> Day | None:
        rules = self._rules(person_id, day)
        if rules is None or not self._works(person_id, day, known):
            return None
        assignment, policy = rules
        short = self.teams.short(policy, day, known)
        ends = min(assignment.shift_end, short) if short else assignment.shift_end
        starts, shift_end = wall(day, assignment.shift_start, policy.zone), wall(day, ends, policy.zone)
        cut_off = self.teams.shifted(min(wall(day, policy.deadline, policy.zone), shift_end), policy, day)
        leaves = self._leaves_known(person_id, self._known(known or cut_off + HORIZON))
        absent = _covered((starts, shift_end), [(leave.from_at, leave.until_at) for leave in leaves])
        return Day(cut_off, _minutes((starts, shift_end)), absent)

    def _leaves_known(self, person_id: int, known: datetime) -> list[Leave]:
        """The leave of a person that was approved, and not cancelled, as of a moment."""
        return [
            leave
            for leave in self._leaves[person_id]
            if leave.approved_at is not None and leave.approved_at <= known and not ended(leave.cancelled_at, known)
        ]

    def _known(self, moment: datetime) -> datetime:
        return moment if self._knowing is None else max(moment, self._knowing)

    def _works(self, person_id: int, day: date, known: datetime | None = None) -> bool:
        """Whether a person is scheduled to work on a day, by his week and his team's calendar.

        An extra workday is one for everybody, a short day only for who works on it and before it ends.
        """
        assignment = on(self._assignments[person_id], day)
        if assignment is None:
            return False
        usual = day.isoweekday() in assignment.workdays
        policy = self.teams.policy(assignment.team_id, day)
        special = self.teams.special(policy, day, known) if policy else None
        if special is None:
            return usual
        if special.kind == DayKind.SHORT:
            return usual and special.ends_at is not None and assignment.shift_start < special.ends_at
        return special.kind == DayKind.WORKDAY

    def _out(
        self, assignment: Assignment, policy: TeamPolicy, day: date, opens: datetime, cut_off: datetime
    ) -> frozenset[str]:
        """What did not work during the hours of a day, as declared by its horizon; of a day that ends before its hours begin, in
        the whole window."""
        known = self._known(cut_off + HORIZON)
        shift_start = wall(day, assignment.shift_start, policy.zone)
        starts = shift_start if shift_start < cut_off else opens
        return frozenset(
            one.source
            for one in self._outages
            if one.team_id in (None, assignment.team_id)
            and one.from_at < cut_off
            and one.until_at > starts
            and one.recorded_at <= known
            and not ended(one.withdrawn_at, known)
        )

    # --- the days before ---

    def _day_before(self, person_id: int, day: date) -> date | None:
        """The scored day before; None for the first ever."""
        rules = self._first_rules(person_id)
        earlier = day - ONE_DAY
        while rules is not None and earlier >= rules[0]:
            if self.cut_off(person_id, earlier) is not None:
                return earlier
            earlier -= ONE_DAY
        return None

    def _over_with(self, person_id: int, day: date) -> datetime:
        """When a day and all before it were over: after a move far to the east, the day before may have ended later."""
        ends = []
        for earlier in (day, day - ONE_DAY, day - 2 * ONE_DAY):
            cut_off = self.cut_off(person_id, earlier)
            if cut_off is not None:
                ends.append(cut_off)
            if self._rules(person_id, earlier) == self._rules(person_id, earlier - ONE_DAY):
                break
        return max(ends)

    def _away(self, person_id: int, before: date | None, day: date, zone: str, cut_off: datetime) -> tuple[Span, ...]:
        """The local days before a scored day that he was on leave for whole, each from midnight to midnight, back to the last
        that he worked: as known by each day's own horizon, or by this one's where it was told later."""
        rules = self._first_rules(person_id)
        if before is None or rules is None or not self._leaves.get(person_id):
            return ()
        known, spans, earlier = self._known(cut_off + HORIZON), [], day - ONE_DAY
        while earlier >= rules[0]:
            seen = self.day(person_id, earlier), self._find_day(person_id, earlier, known=known)
            free = any(one is not None and one.free for one in seen)
            if seen[0] is not None and not free:
                break
            span = wall(earlier, time(0), zone), when.end_of_day(earlier, zone)
            if free or self._covered(person_id, span, known):
                spans.append(span)
            earlier -= ONE_DAY
        return tuple(reversed(spans))

    def _covered(self, person_id: int, span: Span, known: datetime) -> bool:
        """Whether one leave covers a whole day off."""
        return any(one.from_at <= span[0] and one.until_at >= span[1] for one in self._leaves_known(person_id, known))

    def _since(self, person_id: int) -> datetime:
        """The local midnight with which his rules began: the first day on which he has a team with a policy."""
        rules = self._first_rules(person_id)
        assert rules is not None, "only asked for somebody with rules"
        return wall(rules[0], time(0), rules[1])

    def _first_rules(self, person_id: int) -> tuple[date, str] | None:
        """The first day on which he has a team with a policy, and its zone; None when there is none."""
        if person_id not in self._began:
            both = (
                (max(assignment.starts_on, policy.starts_on), policy.zone)
                for assignment in self._assignments[person_id]
                for policy in self.teams.policies[assignment.team_id]
                if overlap(assignment, policy)
            )
            self._began[person_id] = min(both, default=None)
        return self._began[person_id]

    def _rules(self, person_id: int, day: date) -> tuple[Assignment, TeamPolicy] | None:
        """The assignment and the policy of a person's day; None when there is not both."""
        assignment = on(self._assignments[person_id], day)
        policy = None if assignment is None else self.teams.policy(assignment.team_id, day)
        return None if assignment is None or policy is None else (assignment, policy)

    # --- new hires ---

    def ramp(self, assignment: Assignment, day: date) -> int:
        """At how many per cent a person's thresholds stand; 0 on trial. Hired long ago or nobody knows when: 100."""
        hired = assignment.hired_on
        if hired is None or day - hired > SETTLED_IN:
            return 100
        key = (assignment.user_id, hired)
        if key not in self._settled:
            self._settled[key] = self._end_of_trial(assignment.user_id, hired)
        counts_from = self._settled[key]
        if counts_from is None or day < counts_from:
            return 0
        return STEPS[min((day - counts_from).days // FORTNIGHT, len(STEPS) - 1)]

    def _end_of_trial(self, person_id: int, hired: date) -> date | None:
        """The first working day after ten of them."""
        worked = 0
        for ahead in range(SETTLED_IN.days):
            day = hired + timedelta(days=ahead)
            facts = self.day(person_id, day)
            if facts.free if facts else not self._would_work(person_id, day):
                continue
            if worked == TRIAL_WORKDAYS:
                return day
            worked += 1
        return None

    def _would_work(self, person_id: int, day: date) -> bool:
        """Like `_works`; before his first assignment by the week he has in it."""
        first = min(self._assignments[person_id], key=lambda one: one.starts_on)
        return day.isoweekday() in first.workdays if day < first.starts_on else self._works(person_id, day)


def _utc(day: date) -> datetime:
    return when.wall(day, time(0), "UTC")


def _minutes(span: Span) -> int:
    return max(0, int((span[1] - span[0]).total_seconds() // 60))


def _covered(span: Span, others: Sequence[Span]) -> int:
    """Minutes of a span that others cover, each once however many do."""
    if not others:
        return 0
    minutes, reached = 0, span[0]
    for starts, ends in sorted(others):
        part = (max(starts, reached), min(ends, span[1]))
        minutes += _minutes(part)
        reached = max(reached, part[1])
    return minutes
