"""The priorities of somebody's day as they are drawn: those chosen, and open tasks to fill the places that are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from crm import due
from crm.models import Task, TaskStatus
from crm.when import end_of_day, local_day
from discipline import preview
from discipline.models import Priority
from discipline.models.priorities import MOST

OFFERED = 30


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
    """The priorities of a day: two statements."""
    rows = Priority.objects.of(user, day).select_related("task__deal", "task__company", "task__contact")
    ends = end_of_day(day, user.zone)
    chosen = [_row(one.task, now, ends, chosen=one.pk) for one in rows]
    taken = [row.task for row in chosen]
    mine = Task.objects.open().filter(owner=user).exclude(pk__in=taken)
    mine = mine.select_related("deal", "company", "contact").order_by("due_at", "pk")
    return Priorities(day, chosen, [_row(task, now, ends) for task in mine[:OFFERED]])


def running_day(user: User, now: datetime) -> date:
    """The day that work counts for now: that of the running window, today for who is not scored."""
    window = preview.running_window(user, now)
    return window.day if window else local_day(now, user.zone)


def _row(task: Task, now: datetime, ends: datetime, chosen: int | None = None) -> Row:
    about: Any = task.deal or task.contact or task.company
    return Row(
        task=task.pk,
        title=task.title,
        about=str(about) if about else task.get_kind_display(),
        when=due.words(task.due_at, task.due_has_time, now, short=True),
        pressing=task.due_at <= ends,
        done=task.status == TaskStatus.DONE,
        chosen=chosen,
    )
