"""What an owner takes out of his screen, and the trace of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.services import events
from crm.services.base import allow
from reports.company import Screen
from reports.services.exporting import NothingToTake


@transaction.atomic
def take(*, screen: Screen, kind: str, by: User, at: datetime) -> Screen:
    """The figures of the company as a file. Leaves an event with the moment that they were read as of.

    Raises NothingToTake while there are none.
    """
    allow(by, Permission.RECORD_EXPORT)
    if screen.shown is None:
        raise NothingToTake
    detail = {
        "list": "company",
        "as_of": screen.shown.reading.moment.isoformat(),
        "kind": kind,
        "asked_at": at.isoformat(),
    }
    events.leave(kind=EventKind.EXPORTED, by=by, detail=detail)
    return screen
