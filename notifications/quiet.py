"""When people are not to be disturbed: in their quiet hours, and on days off.

Who has a day off is known further up (working weeks, calendars, leave): that app registers `days_off`. Without one, Saturday and
Sunday are off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from notifications.models import QuietHours
from notifications.models.settings import EVENING, MORNING

DaysOff = Callable[[Collection[User], datetime], set[int]]
"""(people, moment) -> the keys of those who are off at that moment, in a fixed number of statements."""

AFTER = timedelta(minutes=15)
"""So long after the quiet hours what had to wait goes out, so that a morning digest may take it along."""
A_DAY = timedelta(days=1)


def weekends(people: Collection[User], at: datetime) -> set[int]:
    """Those for whom it is Saturday or Sunday."""
    return {person.pk for person in people if at.astimezone(ZoneInfo(person.zone)).isoweekday() > 5}


_days_off: list[DaysOff] = [weekends]


def register(days_off: DaysOff) -> None:
    """Let this say from now on who has a day off."""
    _days_off[:] = [days_off]


class Quiet:
    """For some people at one moment: who is not to be disturbed, and from when on he may be again."""

    def __init__(self, people: Iterable[User], at: datetime) -> None:
        self.at = at
        self.people = {person.pk: person for person in people}
        rows = QuietHours.objects.filter(user__in=self.people)
        self._hours = {row.user_id: (row.starts, row.ends) for row in rows}
        self._off = _days_off[0](self.people.values(), at) if self.people else set()

    def holds(self, person_id: int) -> bool:
        """Whether somebody is not to be disturbed now."""
        return person_id in self._off or self._in_hours(person_id)

    def next_morning(self, person_id: int, *, after_today: bool = False) -> datetime:
        """When his quiet hours end next: today's end is skipped with `after_today`, and on a day off. Looked at again then."""
        local = self._local(person_id)
        _starts, ends = self._hours_of(person_id)
        day = local.date()
        if after_today or person_id in self._off or local.time() >= ends:
            day += A_DAY
        return (datetime.combine(day, ends, local.tzinfo).replace(fold=1) + AFTER).astimezone(UTC)

    def midnight(self, person_id: int) -> datetime:
        """When his day began."""
        local = self._local(person_id)
        return datetime.combine(local.date(), time(0), local.tzinfo)

    def _in_hours(self, person_id: int) -> bool:
        starts, ends = self._hours_of(person_id)
        now = self._local(person_id).time()
        if starts <= ends:
            return starts <= now < ends
        return now >= starts or now < ends

    def _hours_of(self, person_id: int) -> tuple[time, time]:
        return self._hours.get(person_id, (EVENING, MORNING))

    def _local(self, person_id: int) -> datetime:
        return self.at.astimezone(ZoneInfo(self.people[person_id].zone))
