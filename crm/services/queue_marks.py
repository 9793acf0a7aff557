"""One's place in today's queue: what was done, put off until later today, or left for another day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from crm.models import QueueMark
from crm.services.base import allow
from crm.when import local_day


@transaction.atomic
def mark(*, by: User, at: datetime, noun: str, record: int, mark: str) -> QueueMark:
    """Remember what somebody did with an entry on his own local day; marking it again replaces what stood there."""
    allow(by, Permission.TASK_VIEW)
    made, _new = QueueMark.objects.update_or_create(
        user=by, day=local_day(at, by.zone), noun=noun, record=record, defaults={"mark": mark, "marked_at": at}
    )
    return made


@transaction.atomic
def unmark(*, by: User, at: datetime, noun: str, record: int) -> bool:
    """Put an entry back into today's queue; False when it was there all the time."""
    allow(by, Permission.TASK_VIEW)
    marks = QueueMark.objects.filter(user=by, day=local_day(at, by.zone), noun=noun, record=record)
    return bool(marks.delete()[0])
