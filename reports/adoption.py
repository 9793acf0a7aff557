"""Whether the CRM is used: how long entry takes, who enters on how many days, who has stopped. Two statements; nothing of what was
entered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import Role, User
from accounts.reach import people_of
from crm import when
from crm.models import Activity, EntryForm, Source

SPAN = timedelta(days=28)
WEEKS = 12
QUIET = 3
"""From so many working days without an entry on, somebody is asked whether something is in the way."""
TIMES = """
WITH taken AS (
    SELECT user_id, form, on_phone, saved_at >= %(since)s AS recent,
           date_trunc('week', saved_at AT TIME ZONE %(zone)s)::date AS week,
           EXTRACT(EPOCH FROM saved_at - opened_at) AS seconds
    FROM crm_entrytime WHERE saved_at >= %(from)s AND user_id = ANY(%(people)s)
)
SELECT GROUPING(week, user_id, form) AS asked, week, recent, user_id, form, COUNT(*), AVG(on_phone::int),
       PERCENTILE_CONT(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY seconds)
FROM taken GROUP BY GROUPING SETS ((week), (recent), (recent, user_id), (recent, form))
"""
BY_WEEK, BY_PERSON, BY_FORM, ALL = 0b011, 0b101, 0b110, 0b111
"""What GROUPING says of week, person and form in the four kinds of rows."""


@dataclass(frozen=True)
class Times:
    """How long entries took, in seconds."""

    count: int
    on_phone: float
    low: float
    median: float
    high: float

    @property
    def middle(self) -> str:
        return seconds(self.median)

    @property
    def half(self) -> str:
        """Half of all entries lie between these."""
        return f"{seconds(self.low)} – {seconds(self.high)}"


@dataclass(frozen=True)
class Person:
    """What somebody entered in the span."""

    name: str
    entries: int
    days: int
    last: datetime | None
    quiet: int
    times: Times | None

    @property
    def silent(self) -> str:
        """For how long nothing was entered, once that is worth a question; empty before."""
        if self.last is None:
            return _("Nothing entered yet")
        if self.quiet < QUIET:
            return ""
        return ngettext("No entry for %(n)s working day", "No entry for %(n)s working days", self.quiet) % {
            "n": self.quiet
        }


def seconds(value: float) -> str:
    """A stretch of seconds as people say it: "7 s", "1 min 20 s"."""
    whole = round(value)
    if whole < 60:
        return _("%(n)s s") % {"n": whole}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}


class Adoption:
    """The page's figures for the people within somebody's reach, over the last four weeks; the trend over twelve."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now
        self.today = when.local_day(now, user.zone)
        self.since = when.wall(self.today - SPAN + timedelta(days=1), when.MIDNIGHT, user.zone)
        monday = self.today - timedelta(days=self.today.isoweekday() - 1)
        self.weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]

    @cached_property
    def people(self) -> list[Person]:
        """Who works with clients; whoever has been quiet for longest comes first."""
        listed = [self._person(row) for row in self._rows]
        return sorted(listed, key=lambda person: (-person.quiet, person.name))

    @property
    def quiet(self) -> list[Person]:
        return [person for person in self.people if person.silent]

    @property
    def active(self) -> int:
        """How many entered something in the span."""
        return sum(person.entries > 0 for person in self.people)

    @property
    def entries(self) -> int:
        return sum(person.entries for person in self.people)

    @property
    def times(self) -> Times | None:
        return self._taken.get((ALL, True))

    @property
    def before(self) -> Times | None:
        """The eight weeks before the span, to compare."""
        return self._taken.get((ALL, False))

    @property
    def change(self) -> str:
        """The median against that of before, in words."""
        if not self.times or not self.before:
            return ""
        less = round(self.before.median) - round(self.times.median)
        if not less:
            return _("as before")
        words = _("%(time)s less than before") if less > 0 else _("%(time)s more than before")
        return words % {"time": seconds(abs(less))}

    @property
    def faster(self) -> bool:
        return bool(self.times and self.before and self.times.median <= self.before.median)

    @property
    def on_phone(self) -> str:
        return formats.percent(self.times.on_phone) if self.times else formats.DASH

    @property
    def forms(self) -> list[tuple[str, Times]]:
        """Times by form, the most used first."""
        listed = [(form.label, times) for form in EntryForm if (times := self._taken.get((BY_FORM, True, form.value)))]
        return sorted(((str(label), times) for label, times in listed), key=lambda pair: -pair[1].count)

    @property
    def trend(self) -> list[float | None]:
        """The median of each week in seconds, the oldest first; None for a week without entries."""
        weekly = (self._taken.get((BY_WEEK, week)) for week in self.weeks)
        return [round(times.median, 1) if times else None for times in weekly]

    @property
    def by_week(self) -> list[tuple[date, Times | None]]:
        """The same as a table, the newest first."""
        return [(week, self._taken.get((BY_WEEK, week))) for week in reversed(self.weeks)]

    # --- the two statements ---

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        mine = Activity.objects.live().filter(performed_by=OuterRef("pk"), source=Source.MANUAL)
        recent = mine.filter(recorded_at__gte=self.since)
        rows = people_of(self.user).active().filter(role__in=(Role.MANAGER, Role.HEAD))
        rows = rows.annotate(
            entries=_figure(recent, Count("pk")),
            days=_figure(recent, Count(TruncDate("recorded_at"), distinct=True)),
            last=Subquery(mine.order_by().values("performed_by").annotate(n=Max("recorded_at")).values("n")),
        )
        listed: QuerySet[Any, Any] = rows.values("pk", "full_name", "entries", "days", "last")
        return list(listed)

    @cached_property
    def _taken(self) -> dict[Any, Times]:
        """Times by what they are asked for; keys as the properties above look for them."""
        asked: dict[str, Any] = {
            "since": self.since, "from": when.wall(self.weeks[0], when.MIDNIGHT, self.user.zone), "zone": self.user.zone,
            "people": [row["pk"] for row in self._rows],
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(TIMES, asked)
            return dict(_keyed(row) for row in cursor.fetchall())

    def _person(self, row: dict[str, Any]) -> Person:
        last: datetime | None = row["last"]
        quiet = _workdays(timezone.localtime(last).date(), self.today) if last else WEEKS * 7
        taken = self._taken.get((BY_PERSON, True, row["pk"]))
        return Person(row["full_name"], row["entries"], row["days"], last, quiet, taken)


def _keyed(row: tuple[Any, ...]) -> tuple[Any, Times]:
    asked, week, recent, person, form, count, on_phone, quartiles = row
    keys: dict[int, tuple[Any, ...]] = {
        BY_WEEK: (asked, week), BY_PERSON: (asked, recent, person), BY_FORM: (asked, recent, form), ALL: (asked, recent),
    }  # fmt: skip
    return keys[asked], Times(count, float(on_phone), *(float(value) for value in quartiles))


def _figure(rows: QuerySet[Any], figure: Any) -> Any:
    counted = rows.order_by().values("performed_by").annotate(n=figure).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _workdays(last: date, today: date) -> int:
    """Working days (Monday to Friday) that have passed since `last`, today not among them."""
    return sum(day.isoweekday() < 6 for day in _between(last, today))


def _between(last: date, today: date) -> Iterator[date]:
    for number in range(1, min((today - last).days, WEEKS * 7)):
        yield last + timedelta(days=number)
