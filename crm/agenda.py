"""What somebody has to do: tasks as rows of a list, in the groups of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from crm import due
from crm.links import url
from crm.may import may
from crm.models import Task, TaskKind, TaskStatus

ICONS = {
    TaskKind.CALL: "phone",
    TaskKind.MEETING: "users",
    TaskKind.EMAIL: "mail",
    TaskKind.TODO: "checkbox",
}
LABELS: dict[str, Promise] = {
    due.LATE: _("Overdue"),
    due.TODAY: _("Today"),
    due.TOMORROW: _("Tomorrow"),
    due.THIS_WEEK: _("Later this week"),
    due.LATER: _("Later"),
}
COLUMNS = (
    "pk", "kind", "title", "note", "due_at", "due_has_time", "status", "result", "done_at", "pushes", "owner_id", "owner__full_name",
    "deal_id", "deal__title", "contact_id", "contact__name", "company_id", "company__name",
)  # fmt: skip


@dataclass
class Group:
    """Tasks that fall due in the same part of time."""

    key: str
    label: Promise | str
    rows: list[dict[str, Any]] = field(default_factory=list)


def rows(tasks: QuerySet[Task], user: User, now: datetime, limit: int) -> list[dict[str, Any]]:
    """At most `limit` tasks as crm/tasks/_row.html draws them, in one statement, in the order given."""
    listed = tasks.annotate(may_edit=may(user, Permission.TASK_EDIT)).values(*COLUMNS, "may_edit")
    return [row_of(row, now) for row in listed[:limit]]


def row_of(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One task, every value formatted once."""
    is_open = row["status"] == TaskStatus.OPEN
    return {
        "id": row["pk"],
        "title": row["title"],
        "note": row["note"],
        "icon": ICONS[TaskKind(row["kind"])],
        "kind": TaskKind(row["kind"]).label,
        "open": is_open,
        "dropped": row["status"] == TaskStatus.DROPPED,
        "result": row["result"],
        "when": due.words(row["due_at"], row["due_has_time"], now)
        if is_open
        else formats.when(row["done_at"], now=now),
        "group": due.group(row["due_at"], row["due_has_time"], now) if is_open else "",
        "pushes": row["pushes"],
        "owner": row["owner__full_name"],
        "about": list(_about(row)),
        "may_edit": row["may_edit"],
    }


def _about(row: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """The records that a task is about: name and address."""
    for noun, name in (("deal", "title"), ("contact", "name"), ("company", "name")):
        if row[f"{noun}_id"] and row[f"{noun}__{name}"]:
            yield row[f"{noun}__{name}"], url(f"crm:{noun}", row[f"{noun}_id"])


def grouped(listed: Iterable[dict[str, Any]]) -> list[Group]:
    """Open tasks by when they are due; only the groups that have any, the most urgent first."""
    groups = {key: Group(key, label) for key, label in LABELS.items()}
    for row in listed:
        groups[row["group"]].rows.append(row)
    return [group for group in groups.values() if group.rows]


def finished(listed: Iterable[dict[str, Any]]) -> list[Group]:
    """Closed tasks, all in one group."""
    found = list(listed)
    return [Group("done", _("Finished lately"), found)] if found else []


def overdue(user: User) -> list[QuerySet[Task]]:
    """One's own tasks that lapsed, for the number beside the page's name."""
    return [Task.objects.overdue(timezone.now()).filter(owner=user)]
