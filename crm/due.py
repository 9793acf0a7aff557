"""How a due date reads: when, how late, and in which group of a list of tasks it belongs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts import formats

LATE, TODAY, TOMORROW, THIS_WEEK, LATER = "late", "today", "tomorrow", "this_week", "later"


def day_of(due_at: datetime, has_time: bool) -> date:
    """The reader's day on which it is due: one without a time is due when that day ends, which is the next day's midnight."""
    return timezone.localtime(due_at if has_time else due_at - timedelta(microseconds=1)).date()


def words(due_at: datetime, has_time: bool, now: datetime, *, short: bool = False) -> str:
    """ "Today 16:00", "Fri 27 Nov 10:00", "3 days late". `short` leaves the time of days after tomorrow out."""
    day = day_of(due_at, has_time)
    if due_at < now:
        return formats.late(due_at if has_time else day, now=now)
    far = (day - timezone.localtime(now).date()).days > 1
    return formats.when(due_at if has_time and not (short and far) else day, now=now)


def group(due_at: datetime, has_time: bool, now: datetime) -> str:
    """LATE, TODAY, TOMORROW, THIS_WEEK (until Sunday) or LATER."""
    if due_at < now:
        return LATE
    today = timezone.localtime(now).date()
    ahead = (day_of(due_at, has_time) - today).days
    if ahead <= 1:
        return TODAY if ahead < 1 else TOMORROW
    return THIS_WEEK if ahead <= 7 - today.isoweekday() else LATER
