"""Somebody's tasks and meetings as a calendar file (RFC 5545), for the calendar program that he uses anyway."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from accounts.together import together
from crm import due
from crm.links import url
from crm.models import Activity, ActivityKind, ActivityResult, Task, TaskKind, TaskStatus
from notifications.links import absolute

BACK, AHEAD = timedelta(days=14), timedelta(days=60)
USUAL = timedelta(minutes=30)
MOST = 2000
ASK_AGAIN = timedelta(minutes=30)
ABOUT = ("contact__name", "company__name", "deal__title")
TASK = ("pk", "title", "note", "kind", "due_at", "due_has_time", "status", "pushes", "recorded_at", "changed_at")
MET = ("pk", "note", "occurred_at", "seconds", "recorded_at", "changed_at", "contact_id", "company_id", "deal_id")


def write(user: User, now: datetime) -> bytes:
    """The last fourteen and the next sixty days of `user`, what he may see of them, in one statement; wall times in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//Daybook//Tasks and meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Daybook: %(name)s") % {"name": user.get_short_name()})
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    tasks, meetings = together(*_rows(user, now))
    for row in tasks:
        calendar.add_component(_task(row))
    for row in meetings:
        calendar.add_component(_meeting(row))
    return calendar.to_ical()


def _rows(user: User, now: datetime) -> tuple[Any, Any]:
    since, until = now - BACK, now + AHEAD
    tasks = Task.objects.visible_to(user).filter(owner=user, due_at__range=(since, until))
    tasks = tasks.exclude(status=TaskStatus.DROPPED).order_by("due_at", "pk")
    met = Activity.objects.visible_to(user).filter(performed_by=user, kind=ActivityKind.MEETING)
    met = (
        met.filter(occurred_at__range=(since, until))
        .exclude(result=ActivityResult.NOT_HELD)
        .order_by("occurred_at", "pk")
    )
    return tasks.values(*TASK, *ABOUT)[:MOST], met.values(*MET, *ABOUT)[:MOST]


def _task(row: dict[str, Any]) -> Event:
    done = row["status"] == TaskStatus.DONE
    title = f"✓ {row['title']}" if done else row["title"]
    event = _event(f"task-{row['pk']}", row, title, url("crm:calendar-task", row["pk"]))
    if row["due_has_time"]:
        event.add("dtstart", row["due_at"])
        event.add("dtend", row["due_at"] + USUAL)
    else:
        day = due.day_of(row["due_at"], False)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    event.add("sequence", row["pushes"])
    event.add("categories", [str(TaskKind(row["kind"]).label)])
    event.add("transp", "OPAQUE" if row["kind"] == TaskKind.MEETING and not done else "TRANSPARENT")
    return event


def _meeting(row: dict[str, Any]) -> Event:
    noun = next((noun for noun in ("contact", "company", "deal") if row[f"{noun}_id"]), "")
    path = url(f"crm:{noun}", row[f"{noun}_id"]) if noun else "/"
    label = str(ActivityKind.MEETING.label)
    event = _event(f"meeting-{row['pk']}", row, f"✓ {_about(row) or label}", path)
    length = timedelta(seconds=row["seconds"]) if row["seconds"] else USUAL
    event.add("dtstart", row["occurred_at"] - length)
    event.add("dtend", row["occurred_at"])
    event.add("categories", [label])
    return event


def _event(uid: str, row: dict[str, Any], title: str, path: str) -> Event:
    """What all entries have. The UID is the record's for ever, so that a moved task moves instead of doubling."""
    event = Event()
    event.add("uid", f"{uid}@daybook")
    event.add("dtstamp", row["changed_at"])
    event.add("created", row["recorded_at"])
    event.add("last-modified", row["changed_at"])
    event.add("summary", title)
    event.add("url", absolute(path))
    told = "\n".join(part for part in (_about(row), row["note"], absolute(path)) if part)
    event.add("description", told)
    return event


def _about(row: dict[str, Any]) -> str:
    return str(row["contact__name"] or row["company__name"] or row["deal__title"] or "")
