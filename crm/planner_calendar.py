"""The calendar: tasks and meetings of one person, or of everybody one leads, between two days. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import get_language

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.together import together
from crm import agenda, due
from crm.links import url
from crm.may import may
from crm.models import Activity, ActivityKind, ActivityResult, Task, TaskKind, TaskStatus
from crm.when import MIDNIGHT, wall

LONGEST = timedelta(days=42)
"""A month as a calendar shows it: six weeks."""
MOST = 1000
USUAL = timedelta(minutes=30)
"""How long something is drawn whose length nobody said."""
WALL = "%Y-%m-%dT%H:%M"
COLUMNS = ("pk", "title", "kind", "due_at", "due_has_time", "status", "pushes", "owner__full_name")
MET = ("pk", "occurred_at", "seconds", "result", "performed_by__full_name", "contact_id", "company_id", "deal_id")
ABOUT = ("contact__name", "company__name", "deal__title")


class BadSpan(ValueError):
    """The days asked for are none, or more than the calendar ever shows."""


@dataclass(frozen=True)
class Span:
    """The days from `first` up to, not including, `until`."""

    first: date
    until: date

    @classmethod
    def read(cls, first: str, until: str) -> Span:
        """From the first ten characters of two ISO dates. Raises BadSpan."""
        try:
            span = cls(date.fromisoformat(first[:10]), date.fromisoformat(until[:10]))
        except ValueError:
            raise BadSpan from None
        if not timedelta(0) < span.until - span.first <= LONGEST or not 1 < span.first.year < 9998:
            raise BadSpan
        return span

    @classmethod
    def week_of(cls, day: date) -> Span:
        """The reader's week that a day lies in."""
        back = (day.isoweekday() - first_weekday()) % 7
        return cls(day - timedelta(days=back), day + timedelta(days=7 - back))

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.until - self.first).days)]


def first_weekday() -> int:
    """The day that a week begins with in the reader's language, Sunday 0 and Monday 1. Our English is British."""
    return 1 if (get_language() or "en").startswith("en") else int(get_format("FIRST_DAY_OF_WEEK"))


def whose(user: User, asked: str, people: Iterable[User]) -> int | None:
    """Whose calendar: that of a colleague whom one sees, everybody's for "all", else one's own; who keeps no clients looks at all."""
    known = {str(person.pk): person.pk for person in people}
    if known and (asked == "all" or (not asked and user.role in (Role.OWNER, Role.ADMIN))):
        return None
    return known.get(asked, user.pk)


def events(user: User, owner: int | None, span: Span, now: datetime) -> list[dict[str, Any]]:
    """What the calendar draws, earliest first: one statement. Times are wall times of the reader's zone."""
    tasks, meetings = together(_tasks(user, owner, span), _meetings(user, owner, span))
    named = owner is None
    drawn = [_task(row, now, named=named) for row in tasks] + [_meeting(row, named=named) for row in meetings]
    return sorted(drawn, key=lambda event: (event["start"], event["id"]))


def by_day(listed: Iterable[dict[str, Any]], span: Span) -> list[tuple[date, list[dict[str, Any]]]]:
    """Every day of a span with what is in it, for a page without scripts."""
    days: dict[str, list[dict[str, Any]]] = {}
    for event in listed:
        days.setdefault(event["start"][:10], []).append(event)
    return [(day, days.get(day.isoformat(), [])) for day in span.days]


def _bounds(user: User, span: Span) -> tuple[datetime, datetime]:
    return wall(span.first, MIDNIGHT, user.zone), wall(span.until, MIDNIGHT, user.zone)


def _tasks(user: User, owner: int | None, span: Span) -> QuerySet[Any, Any]:
    """Tasks due in the span, but for those that were dropped. One without a time is due at the next day's midnight."""
    since, until = _bounds(user, span)
    whole_day = Q(due_has_time=False, due_at__gt=since, due_at__lte=until)
    rows = Task.objects.visible_to(user).exclude(status=TaskStatus.DROPPED)
    rows = rows.filter(
        whole_day | Q(due_has_time=True, due_at__gte=since, due_at__lt=until), due_at__range=(since, until)
    )
    rows = rows.filter(owner=owner) if owner else rows
    return (
        rows.annotate(may_edit=may(user, Permission.TASK_EDIT))
        .values(*COLUMNS, *ABOUT, "may_edit")
        .order_by("due_at", "pk")[:MOST]
    )


def _meetings(user: User, owner: int | None, span: Span) -> QuerySet[Any, Any]:
    """Meetings that were held."""
    since, until = _bounds(user, span)
    rows = Activity.objects.visible_to(user).filter(
        kind=ActivityKind.MEETING, occurred_at__gte=since, occurred_at__lt=until
    )
    rows = rows.exclude(result=ActivityResult.NOT_HELD)
    rows = rows.filter(performed_by=owner) if owner else rows
    return rows.values(*MET, *ABOUT).order_by("occurred_at", "pk")[:MOST]


def _task(row: dict[str, Any], now: datetime, *, named: bool) -> dict[str, Any]:
    is_open, timed = row["status"] == TaskStatus.OPEN, row["due_has_time"]
    state = "done" if not is_open else "late" if row["due_at"] < now else ""
    start = timezone.localtime(row["due_at"]).strftime(WALL) if timed else due.day_of(row["due_at"], False).isoformat()
    return {
        "id": f"task-{row['pk']}",
        "start": start,
        "end": _later(start) if timed else start,
        "allDay": not timed,
        "title": _titled(row["title"], row["owner__full_name"] if named else ""),
        "editable": is_open and row["may_edit"],
        "about": _about(row),
        "kind": row["kind"],
        "icon": agenda.ICONS[TaskKind(row["kind"])],
        "state": state,
        "peek": url("crm:calendar-task", row["pk"]),
        "href": "",
        "move": url("crm:task-move", row["pk"]) if is_open and row["may_edit"] else "",
    }


def _meeting(row: dict[str, Any], *, named: bool) -> dict[str, Any]:
    ended = timezone.localtime(row["occurred_at"])
    length = timedelta(seconds=row["seconds"]) if row["seconds"] else USUAL
    start = max(ended - length, ended.replace(hour=0, minute=0, second=0, microsecond=0))
    noun = next((noun for noun in ("contact", "company", "deal") if row[f"{noun}_id"]), "")
    about = _about(row)
    return {
        "id": f"meeting-{row['pk']}",
        "start": start.strftime(WALL),
        "end": ended.strftime(WALL),
        "allDay": False,
        "title": _titled(about or str(ActivityKind.MEETING.label), row["performed_by__full_name"] if named else ""),
        "editable": False,
        "about": "",
        "kind": "meeting",
        "icon": "users",
        "state": "held",
        "peek": "",
        "href": url(f"crm:{noun}", row[f"{noun}_id"]) if noun else "",
    }


def _titled(title: str, owner: str) -> str:
    return f"{title} · {owner}" if owner else title


def _about(row: dict[str, Any]) -> str:
    return row["contact__name"] or row["company__name"] or row["deal__title"] or ""


def _later(start: str) -> str:
    """The end of what begins at a wall time, on the same day."""
    begins = datetime.fromisoformat(start)
    return min(begins + USUAL, datetime.combine(begins, time(23, 59))).strftime(WALL)
