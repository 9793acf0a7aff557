"""The trace of what left the house with a letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.services import events
from crm.services.base import allow


@transaction.atomic
def take(*, what: str, files: Sequence[str], by: User, at: datetime) -> None:
    """Keep that somebody was mailed these files. A letter that is written again after a crash leaves another trace."""
    allow(by, Permission.REPORT_VIEW)
    events.leave(
        kind=EventKind.EXPORTED,
        by=by,
        detail={"list": "mail", "report": what, "files": list(files), "due": at.isoformat()},
    )
