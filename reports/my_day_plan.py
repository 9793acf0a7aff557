"""The plan of somebody's day: what lapsed, tasks by the hour with the present one marked, and what is to be done beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm import agenda, due
from crm.next_best import Band, Entry, ranked
from crm.work_left import WorkLeft

FIRST_HOUR, LAST_HOUR = 8, 18
"""The hours that a day shows also when nothing is due in them."""
SHOWN = 5


@dataclass
class Hour:
    """An hour of the day with the tasks due in it. `free_at` is what a new task in it would be due at."""

    label: str
    free_at: str
    is_now: bool = False
    is_past: bool = False
    tasks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Heap:
    """One kind of work beside the tasks: at most SHOWN entries, and how many more there are."""

    key: str
    title: Promise
    icon: str
    entries: list[Entry]

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


class Plan:
    """What waits for `user` at `now`, drawn for My day; reads nothing by itself."""

    def __init__(self, work: WorkLeft, user: User, now: datetime) -> None:
        self.user, self.now = user, now
        self.entries = ranked(work, now)
        self._tasks = [
            agenda.row_of(row, now) | {"at": row["due_at"], "timed": row["due_has_time"]} for row in work.tasks
        ]

    @property
    def first(self) -> Entry | None:
        """What the queue begins with."""
        return self.entries[0] if self.entries else None

    @property
    def late(self) -> list[dict[str, Any]]:
        return [task for task in self._tasks if task["group"] == due.LATE]

    @property
    def any_time(self) -> list[dict[str, Any]]:
        """Due today without a time."""
        return [task for task in self._tasks if task["group"] != due.LATE and not task["timed"]]

    @property
    def today(self) -> list[dict[str, Any]]:
        return [task for task in self._tasks if task["group"] != due.LATE]

    @cached_property
    def hours(self) -> list[Hour]:
        """The usual hours that are left, with those beside them in which something is due; none on a day without a timed task."""
        timed = [task for task in self._tasks if task["group"] != due.LATE and task["timed"]]
        if not timed:
            return []
        here = timezone.localtime(self.now)
        due_in = [timezone.localtime(task["at"]).hour for task in timed]
        shown = {*range(FIRST_HOUR, LAST_HOUR + 1), *due_in, here.hour}
        hours = {n: self._hour(n, here) for n in sorted(shown)}
        for task, n in zip(timed, due_in, strict=True):
            hours[n].tasks.append(task)
        return [hour for hour in hours.values() if hour.tasks or not hour.is_past]

    def _hour(self, n: int, here: datetime) -> Hour:
        return Hour(f"{n:02}:00", f"{here:%Y-%m-%d}T{n:02}:00", is_now=n == here.hour, is_past=n < here.hour)

    @cached_property
    def heaps(self) -> list[Heap]:
        """What is to be done beside the tasks, kind by kind; only the kinds that have any."""
        kinds = (
            ("promised", _("Complaints to answer"), "message-report", (Band.COMPLAINT_LATE, Band.COMPLAINT)),
            ("calls", _("Call back"), "phone-off", (Band.CALL_BACK,)),
            ("contracts", _("Contracts to renew"), "file-text", (Band.CONTRACT,)),
            ("bare", _("Deals without a next step"), "alert-triangle", (Band.NO_STEP,)),
            ("cold", _("Cold deals"), "snowflake", (Band.COLD,)),
        )
        heaps = [Heap(key, title, icon, self._of(bands)) for key, title, icon, bands in kinds]
        return [heap for heap in heaps if heap.entries]

    def _of(self, bands: Iterable[Band]) -> list[Entry]:
        wanted = set(bands)
        return [entry for entry in self.entries if entry.band in wanted]
