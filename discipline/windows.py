"""Which stretch of time is whose scored day.

A working day of a person has a cut-off: his team's deadline or his own shift end, whichever is earlier. Its window runs from
the cut-off of his working day before, without it, to its own, with it: `(opens, cut_off]`. So no moment is lost: what happens
in the evening, on a weekend, a holiday or on leave belongs to the next working day. Only rows decide (`Timetable`), so that a
past window comes out the same whenever it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from crm import when
from discipline.models import Mode, Scorecard

HORIZON = timedelta(minutes=30)
"""How long after the cut-off captured events (telephony, mail, other programs) may still arrive."""
GRACE = timedelta(minutes=15)
"""What is entered within this time of its own end is never late."""
NEXT_STEP_DAYS = 30
"""A task further away than so many local days is no next step."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A person's scored day as instants. `since` is when his first window ever opened: what ended before was nobody's day.

    Of `scheduled` minutes he was away `absent`; `away` are the whole days of leave between the day before and this one; `out` the
    sources that did not work; a new hire's thresholds stand at `ramp` per cent. `captured_until` moves the horizon for those who
    look back: what came later then counts as well.
    """

    person_id: int
    team_id: int
    scheme_id: int
    day: date
    zone: str
    mode: str
    since: datetime
    opens: datetime
    cut_off: datetime
    scheduled: int = 0
    absent: int = 0
    ramp: int = 100
    away: tuple[Span, ...] = ()
    out: frozenset[str] = field(default_factory=frozenset)
    captured_until: datetime | None = None

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
            scheduled=card.scheduled,
            absent=card.absent,
            ramp=card.ramp,
        )

    @property
    def horizon(self) -> datetime:
        """Until when captured events count; the day may be closed from here on."""
        return self.captured_until or self.cut_off + HORIZON

    @cached_property
    def next_step_until(self) -> datetime:
        """The end of the last local day on which a task still is a next step."""
        return when.end_of_day(self.day + timedelta(days=NEXT_STEP_DAYS), self.zone)

    @cached_property
    def exposure(self) -> Fraction:
        """The part of the scheduled time that he was there: f = 1 - absent / scheduled."""
        return 1 - Fraction(self.absent, self.scheduled) if self.scheduled else Fraction(1)

    @property
    def scored(self) -> bool:
        """A team that is off has windows, so that switching on begins at one, but no cards."""
        return self.mode != Mode.OFF
