"""Who has a day off, so that nobody is disturbed on it: by his week, his team's calendar and his leave."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from crm.when import local_day
from discipline.models import Assignment, Leave
from discipline.timetable import Timetable
from notifications.quiet import weekends


def off(people: Collection[User], at: datetime) -> set[int]:
    """Those who are off at a moment: not scheduled that day, or on leave just then. Eight statements, however many they are.

    Whoever is scored works as his timetable says; everybody else from Monday to Friday.
    """
    days = {person.pk: local_day(at, person.zone) for person in people}
    if not days:
        return set()
    scored = _assigned(days.keys(), at)
    timetable = Timetable.of_people(scored, until=max(days.values()))
    free = {pk for pk in scored if not timetable.workdays(pk, days[pk], days[pk])}
    others = [person for person in people if person.pk not in scored]
    return free | weekends(others, at) | _on_leave(days.keys(), at)


def _assigned(people: Collection[int], at: datetime) -> set[int]:
    today = at.date()
    return set(Assignment.objects.on(today).filter(user__in=people).values_list("user_id", flat=True))


def _on_leave(people: Collection[int], at: datetime) -> set[int]:
    rows = Leave.objects.ever_approved().filter(user__in=people, from_at__lte=at, until_at__gt=at)
    return set(rows.exclude(cancelled_at__lte=at).values_list("user_id", flat=True))
