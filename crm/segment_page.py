"""What the pages of segments and of what was given by them show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from accounts import formats
from accounts.models import User
from crm import segments
from crm.models import MassAssignment, Segment, Task, TaskStatus

SHOWN = 200
TASKS_SHOWN = 300


@dataclass(frozen=True)
class Found:
    """The companies that conditions find now: how many, whose, and the first ones. Two statements."""

    count: int
    owners: list[dict[str, Any]]
    rows: list[dict[str, Any]]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((one["n"] for one in self.owners), default=0)


def found(conditions: Sequence[Mapping[str, Any]], *, user: User, at: datetime, shown: int = SHOWN) -> Found:
    rows: QuerySet[Any, Any] = segments.companies_of(conditions, user=user, at=at).order_by()
    whose = list(rows.values(whose=F("owner__full_name")).annotate(n=Count("pk")).order_by("-n", "whose"))
    first = rows.order_by("name_key", "pk").values("pk", "name", "city", "industry", whose=F("owner__full_name"))
    return Found(sum(one["n"] for one in whose), whose, list(first[:shown]) if whose else [])


def kept(user: User) -> QuerySet[Segment]:
    """The segments that somebody may use, with when tasks were last given by each."""
    rows = Segment.objects.visible_to(user).select_related("user")
    return rows.annotate(given=Max("assignments__given_at"), times=Count("assignments"))


def given(rows: QuerySet[MassAssignment], at: datetime) -> list[MassAssignment]:
    """Assignments with how many tasks each has in all, done, dropped and overdue: one statement."""
    status = "tasks__task__status"
    live = Q(tasks__task__deleted_at__isnull=True)
    counted = rows.select_related("given_by").annotate(
        all=Count("tasks", filter=live),
        done=Count("tasks", filter=live & Q(**{status: TaskStatus.DONE})),
        dropped=Count("tasks", filter=live & Q(**{status: TaskStatus.DROPPED})),
        late=Count("tasks", filter=live & Q(**{status: TaskStatus.OPEN}, tasks__task__due_at__lt=at)),
    )
    return list(counted)


def people(mass: MassAssignment, user: User, at: datetime) -> list[dict[str, Any]]:
    """How far each person is, who has the most left first."""
    open_ = Q(status=TaskStatus.OPEN)
    rows: QuerySet[Any, Any] = Task.objects.visible_to(user).filter(mass__mass=mass).order_by()
    counted = rows.values(whose=F("owner__full_name")).annotate(
        all=Count("pk"), done=Count("pk", filter=Q(status=TaskStatus.DONE)), left=Count("pk", filter=open_),
        late=Count("pk", filter=open_ & Q(due_at__lt=at)),
    )  # fmt: skip
    return list(counted.order_by("-left", "whose"))


def tasks(mass: MassAssignment, user: User, at: datetime) -> list[dict[str, Any]]:
    """The tasks of an assignment as far as the person sees them, the open ones first."""
    rows: QuerySet[Any, Any] = Task.objects.visible_to(user).filter(mass__mass=mass)
    listed = rows.values(
        "pk", "status", "result", "due_at", "done_at", whose=F("owner__full_name"), company_key=F("company"), client=F("company__name"),
        contact_key=F("contact"), person=F("contact__name"), deal_key=F("deal"), deal_title=F("deal__title"),
    ).order_by(F("done_at").desc(nulls_first=True), "due_at", "pk")  # fmt: skip
    return [{**row, "state": _state(row, at), "when": _when(row, at)} for row in listed[:TASKS_SHOWN]]


def _state(row: dict[str, Any], at: datetime) -> str:
    if row["status"] == TaskStatus.OPEN:
        return "late" if row["due_at"] < at else "open"
    return str(row["status"])


def _when(row: dict[str, Any], at: datetime) -> str:
    return formats.ago(row["done_at"], now=at) if row["done_at"] else ""
