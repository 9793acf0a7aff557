"""What a screen shows: the figures of one reading that somebody may see, beside those of a week before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet, Subquery

from accounts.together import together
from reports.figures.sums import Sums
from reports.models import PersonReading, Reading, TeamReading

A_WEEK = timedelta(days=7)
"""What is shown is compared with the morning so long before, or, where there is none, with one in the week before that."""


class Shown:
    """The figures of a reading in somebody's reach.

    `company` is what he reaches as a whole: everybody for an owner, the people of his teams and himself for a head, himself for a
    manager. `teams` are the figures of each team's own people, without the teams below it; `people` those of each person; `before` is the
    same a week earlier, or None.
    """

    def __init__(
        self,
        reading: Reading,
        teams: Sequence[TeamReading],
        people: Sequence[PersonReading],
        before: Shown | None = None,
    ) -> None:
        self.reading, self.before = reading, before
        self._teams, self._people = teams, people

    @classmethod
    def of(cls, user: Any, day: date | None = None, *, people: bool = True) -> Shown | None:
        """The last reading, or the one that was mailed on a day, as somebody may see it; None where there is none.

        Two statements. Without `people` nobody's own figures are read, which spares an owner those of a thousand people.
        """
        reading = next(iter(Reading.objects.shown_on(day)), None)
        if reading is None:
            return None
        earlier = Reading.objects.filter(kept=True, day__lte=reading.day - A_WEEK, day__gt=reading.day - 2 * A_WEEK)
        last_week = earlier.order_by("-day")[:1]
        rows = together(
            *_rows(user, Reading.objects.filter(pk=reading.pk), people), last_week, *_rows(user, last_week, people)
        )
        before = cls(rows[2][0], rows[3], rows[4]) if rows[2] else None
        return cls(reading, rows[0], rows[1], before)

    def at(self, key: str) -> datetime:
        """The moment that a figure was measured as of: that of the reading, or an earlier one of the same day."""
        carried = self.reading.moments.get(key)
        return datetime.fromisoformat(carried) if carried else self.reading.moment

    @cached_property
    def company(self) -> Sums:
        whole = [row for row in self._teams if row.team_id is None]
        rows: Sequence[TeamReading | PersonReading] = whole or self._people or self._teams
        return Sums.of(*(row.figures for row in rows))

    @cached_property
    def about(self) -> dict[str, Any]:
        """What belongs to nobody alone: `health` of the control system, `working` days of the month, `forecast`. Empty for who does
        not see the company as a whole."""
        return next((row.about for row in self._teams if row.team_id is None), {})

    @cached_property
    def teams(self) -> dict[int, Sums]:
        return {row.team_id: Sums.of(row.figures) for row in self._teams if row.team_id is not None}

    @cached_property
    def people(self) -> dict[int, Sums]:
        return {row.person_id: Sums.of(row.figures) for row in self._people}

    @cached_property
    def team_of(self) -> dict[int, int | None]:
        """The team that each person was in that day."""
        return {row.person_id: row.team_id for row in self._people}


def _rows(user: Any, readings: QuerySet[Reading], people: bool) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The rows of one reading that somebody may see."""
    one = Subquery(readings.values("pk"))
    teams = TeamReading.objects.visible_to(user).filter(reading=one).order_by("team")
    persons = PersonReading.objects.visible_to(user).filter(reading=one).order_by("person")
    return teams, persons if people else persons.none()
