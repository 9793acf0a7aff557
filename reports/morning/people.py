"""The people of a head on a morning, and the days that each of them works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Role, User
from crm.models import TaskStatus
from discipline.services.plans import month_of
from discipline.timetable import Timetable
from reports.figures.sums import Sums

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Card:
    """The last closed day of a person: rules kept and missed."""

    pk: int
    day: date
    met: int
    missed: int

    @property
    def judged(self) -> int:
        return self.met + self.missed


@dataclass(frozen=True, kw_only=True)
class Priority:
    """A task that somebody put first today."""

    pk: int
    title: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody whose figures the head reads. `elapsed` of `days` are workdays of the month that are over; `works` today, or is
    `away` until then."""

    pk: int
    name: str
    sells: bool
    team: int | None
    sums: Sums
    elapsed: int
    days: int
    works: bool
    away: datetime | None = None
    card: Card | None = None
    priorities: list[Priority] = field(default_factory=list)


class People:
    """Members made of the rows of `gathering` and the sums of their figures."""

    def __init__(self, rows: Mapping[str, list[Any]], day: date, head: User) -> None:
        self._rows, self._day, self._head = rows, day, head
        self._timetable = Timetable(rows["assignments"], rows["policies"], rows["calendar"])
        self._away = {row["user"]: row["until_at"] for row in rows.get("away", [])}
        self._cards = {row.pop("user"): Card(**row) for row in rows["cards"]}
        self._priorities: dict[int, list[Priority]] = defaultdict(list)
        for row in rows.get("priorities", []):
            one = Priority(pk=row["pk"], title=row["title"], done=row["status"] == TaskStatus.DONE)
            self._priorities[row["whose"]].append(one)

    @property
    def keys(self) -> list[int]:
        """Those whose figures are read: the head himself too."""
        return [row["person"] for row in self._members]

    def members(self, sums: Mapping[int, Sums]) -> list[Member]:
        return [self._member(row, sums[row["person"]]) for row in self._members]

    @property
    def _members(self) -> list[dict[str, Any]]:
        rows = [row for row in self._rows["members"] if "starts_on" not in row or self._there(row)]
        if all(row["person"] != self._head.pk for row in rows):
            head = self._head
            rows.append({"person": head.pk, "name": head.full_name, "role": head.role, "active": True, "of": None})
        return rows

    def _there(self, row: Mapping[str, Any]) -> bool:
        return row["starts_on"] <= self._day and (row["ends_on"] is None or self._day < row["ends_on"])

    def _member(self, row: Mapping[str, Any], sums: Sums) -> Member:
        person = row["person"]
        first, last = month_of(self._day)
        return Member(
            pk=person,
            name=row["name"],
            sells=row["role"] == Role.MANAGER and row["active"],
            team=row["of"],
            sums=sums,
            elapsed=self._workdays(person, first, self._day - ONE_DAY),
            days=self._workdays(person, first, last),
            works=bool(self._workdays(person, self._day, self._day)),
            away=self._away.get(person),
            card=self._cards.get(person),
            priorities=self._priorities[person],
        )

    def _workdays(self, person: int, first: date, last: date) -> int:
        """By his own week and calendar; Mondays to Fridays of who is not scored."""
        if person in self._timetable.people:
            return self._timetable.workdays(person, first, last)
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(day.isoweekday() < 6 for day in span)
