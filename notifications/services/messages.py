"""Telling people something, once, and knowing what they have read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from notifications import tasks
from notifications.models import Channel, Delivery, Message
from notifications.services import many


@transaction.atomic
def tell(
    *,
    recipient: User,
    kind: str,
    key: str,
    at: datetime,
    context: Mapping[str, Any] | None = None,
    url: str = "",
    email: bool = True,
    expires_at: datetime | None = None,
) -> Message | None:
    """Put a message into somebody's inbox and, with `email`, into the outbox, as part of the caller's transaction.

    `kind` is a folder of templates/notifications, `context` values for it (dates and amounts are kept as text), `key` makes it one per recipient and cause:
    None when he has been told already, or is switched off. After `expires_at` no mail of it goes out any more.
    """
    if not recipient.is_active:
        return None
    facts = {
        "kind": kind,
        "context": json.loads(json.dumps(context or {}, cls=DjangoJSONEncoder)),
        "url": url,
        "created_at": at,
    }
    message, new = Message.objects.get_or_create(recipient=recipient, key=key, defaults=facts)
    if not new:
        return None
    if email:
        Delivery.objects.create(message=message, channel=Channel.EMAIL, due_at=at, expires_at=expires_at)
        transaction.on_commit(tasks.nudge)
    return message


def withdraw(*, recipient: User, key: str, at: datetime) -> bool:
    """Take back what is no longer so; see `many.withdraw_many`. Whether there was something to take back."""
    return bool(many.withdraw_many(told={(recipient.pk, key)}, at=at))


@transaction.atomic
def read(*, message: Message, by: User, at: datetime) -> Message:
    """Note that a message has been read; the first time counts."""
    ensure(by, Permission.MESSAGE_VIEW, message)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.read_at is None:
        message.read_at = at
        message.save(update_fields=["read_at"])
    return message


@transaction.atomic
def read_all(*, by: User, at: datetime) -> int:
    """Note that somebody has read everything told to him up to `at`; the number of messages that were unread."""
    return Message.objects.visible_to(by).unread().filter(created_at__lte=at).update(read_at=at)


def unread(user: User) -> list[QuerySet[Message]]:
    """For the bell, answered from the index of unread messages; a hundred are shown as "99+"."""
    return [Message.objects.visible_to(user).unread()[:100]]
