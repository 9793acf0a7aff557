"""The secret address under which a calendar program reads somebody's tasks: made, made anew, removed, read.

The address is shown once; only its hash is kept. Whoever has it reads without signing in, so it can be replaced at any time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.services import events
from crm.models import CalendarFeed
from crm.services.base import allow

SECRET_BYTES = 32
READ_NOTED_EVERY = timedelta(hours=1)  # a program that asks every five minutes should not cost a write each time


def digest(secret: str) -> str:
    """What is kept of a secret. Plain SHA-256 is enough: 256 random bits cannot be guessed, so nothing slow is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def renew(*, by: User, at: datetime) -> str:
    """Give somebody an address of his own and return its secret; the one he had before stops working."""
    allow(by, Permission.FEED_EDIT)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.update_or_create(
        user=by, defaults={"secret_hash": digest(secret), "made_at": at, "read_at": None}
    )
    events.leave(kind=EventKind.FEED_MADE, by=by, person=by)
    return secret


@transaction.atomic
def remove(*, by: User, at: datetime) -> bool:
    """Let the address work no more; False when there was none."""
    allow(by, Permission.FEED_EDIT)
    removed = bool(CalendarFeed.objects.filter(user=by).delete()[0])
    if removed:
        events.leave(kind=EventKind.FEED_REMOVED, by=by, person=by)
    return removed


def reader(*, secret: str, at: datetime) -> User | None:
    """Whose tasks an address shows, noting that it was read; None for an unknown address, and for who may not see tasks any more.

    The hash is looked up, never the secret, and compared once more in constant time: how long an answer takes tells nothing.
    """
    wanted = digest(secret)
    found = CalendarFeed.objects.filter(secret_hash=wanted, user__is_active=True).select_related("user").first()
    if found is None or not hmac.compare_digest(found.secret_hash, wanted):
        return None
    if not (holds(found.user, Permission.FEED_EDIT) and holds(found.user, Permission.TASK_VIEW)):
        return None
    long_ago = Q(read_at__isnull=True) | Q(read_at__lt=at - READ_NOTED_EVERY)
    CalendarFeed.objects.filter(long_ago, pk=found.pk).update(read_at=at)
    return found.user
