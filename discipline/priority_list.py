"""The priorities of somebody's day as they are drawn: those chosen, and open tasks to fill the places that are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from accounts.models import User
from accounts.together import together
from crm import due
from crm.models import Task, TaskKind, TaskStatus
from crm.when import end_of_day, local_day
from discipline import preview
from discipline.models import Priority
from discipline.models.priorities import MOST

OFFERED = 30
COLUMNS = {
    "task_key": "id", "what": "title", "how": "kind", "due": "due_at", "has_time": "due_has_time", "state": "status",
    "about_deal": "deal__title", "about_contact": "contact__name", "about_company": "company__name",
}  # fmt: skip
"""What is read of a task, by names that are no columns of Priority."""


@dataclass(frozen=True)
class Row:
    """A task that is a priority, or may become one; `chosen` is the priority's key, `pressing` what is due by the end of the day."""

    task: int
    title: str
    about: str
    when: str
    pressing: bool
    done: bool = False
    chosen: int | None = None


@dataclass(frozen=True)
class Priorities:
    """A day's priorities and what else there is to choose from, the most urgent first."""

    day: date
    chosen: list[Row]
    offered: list[Row]

    @property
    def free(self) -> int:
        return MOST - len(self.chosen)

    @property
    def suggested(self) -> list[Row]:
        """What is due by the end of the day, as far as there are places left."""
        return [row for row in self.offered if row.pressing][: self.free]

    @property
    def more(self) -> bool:
        """Whether there is more to choose from than is suggested."""
        return self.free > 0 and len(self.offered) > len(self.suggested)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.chosen)


def read(user: User, day: date, now: datetime) -> Priorities:
    """The priorities of a day: one statement."""
    return drawn(*together(*queries(user, day)), user=user, day=day, now=now)


def queries(user: User, day: date) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """What is chosen and what is offered, for a page that reads more in the same trip."""
    own = Priority.objects.of(user, day)
    chosen = own.values("pk", **{name: F(f"task__{path}") for name, path in COLUMNS.items()})
    mine = Task.objects.open().filter(owner=user).exclude(pk__in=own.values("task")).order_by("due_at", "pk")
    return chosen, mine.values(**{name: F(path) for name, path in COLUMNS.items()})[:OFFERED]


def drawn(
    chosen: list[dict[str, Any]], offered: list[dict[str, Any]], *, user: User, day: date, now: datetime
) -> Priorities:
    """The rows of `queries` as they are drawn."""
    ends = end_of_day(day, user.zone)
    return Priorities(day, [_row(row, now, ends) for row in chosen], [_row(row, now, ends) for row in offered])


def running_day(user: User, now: datetime) -> date:
    """The day that work counts for now: that of the running window, today for who is not scored."""
    window = preview.running_window(user, now)
    return window.day if window else local_day(now, user.zone)


def _row(row: dict[str, Any], now: datetime, ends: datetime) -> Row:
    about = row["about_deal"] or row["about_contact"] or row["about_company"]
    return Row(
        task=row["task_key"],
        title=row["what"],
        about=about or str(TaskKind(row["how"]).label),
        when=due.words(row["due"], row["has_time"], now, short=True),
        pressing=row["due"] <= ends,
        done=row["state"] == TaskStatus.DONE,
        chosen=row.get("pk"),
    )
