"""What the alerts of one moment look at, each part read once and only when one of them asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from accounts.models import Team, User
from crm.when import local_day
from discipline import days_off
from discipline.alerts.leaders import Leaders
from discipline.timetable import Timetable
from discipline.windows import Window

ONE_DAY = timedelta(days=1)
AHEAD = timedelta(days=14)
"""Within so many days everybody has a working day."""
SOON = timedelta(hours=1)


class Scene:
    """The company at `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.utc_day = local_day(now, "UTC")

    @cached_property
    def timetable(self) -> Timetable:
        """Everybody's days around now."""
        return Timetable.of_teams(None, first=self.utc_day - ONE_DAY, until=self.utc_day + AHEAD)

    @cached_property
    def closing(self) -> dict[datetime, list[tuple[int, date]]]:
        """The cut-offs of the next hour, and whose day each ends."""
        found: dict[datetime, list[tuple[int, date]]] = {}
        for person_id in self.timetable.people:
            for ahead in (-1, 0, 1):
                day = self.utc_day + ahead * ONE_DAY
                cut_off = self.timetable.cut_off(person_id, day)
                if cut_off is not None and self.now < cut_off <= self.now + SOON:
                    found.setdefault(cut_off, []).append((person_id, day))
        return found

    def windows(self, days: Iterable[tuple[int, date]]) -> list[Window]:
        """The scored windows of these people's days."""
        found = (self.timetable.window(person_id, day) for person_id, day in days)
        return [window for window in found if window is not None and window.scored]

    @cached_property
    def leaders(self) -> Leaders:
        return Leaders(Team.objects.values_list("pk", "path", "head_id", "head__is_active"))

    @cached_property
    def zones(self) -> list[str]:
        """Where people are."""
        return sorted(set(User.objects.active().values_list("zone", flat=True)))

    def mornings(self, since: time, until: time) -> dict[str, str]:
        """The zones whose clocks are between two times of a day, by the name of their day there."""
        found = {}
        for zone in self.zones:
            local = self.now.astimezone(ZoneInfo(zone))
            if since <= local.time() < until:
                found[f"{zone} {local.date().isoformat()}"] = zone
        return found

    def working(self, people: Collection[User]) -> list[User]:
        """Those of them who have no day off."""
        away = days_off.off(people, self.now)
        return [person for person in people if person.pk not in away]

    def today(self, person: User) -> date:
        return local_day(self.now, person.zone)
