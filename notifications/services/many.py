"""Telling many people at once, each his own words, in a number of statements that does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from accounts.models import User
from notifications import tasks
from notifications.models import Channel, Delivery, Message


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is told; see `messages.tell`."""

    recipient_id: int
    key: str
    context: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""


@transaction.atomic
def tell_many(*, kind: str, tellings: Sequence[Telling], at: datetime, email: bool = True) -> int:
    """Like `messages.tell` for each of them, as part of the caller's transaction; the number of people it was meant for.

    Whoever has been told already, or is switched off, is passed over.
    """
    active = set(
        User.objects.active().filter(pk__in={telling.recipient_id for telling in tellings}).values_list("pk", flat=True)
    )
    meant = [telling for telling in tellings if telling.recipient_id in active]
    if not meant:
        return 0
    Message.objects.bulk_create([_message(kind, telling, at) for telling in meant], ignore_conflicts=True)
    if email:
        _send(meant, at)
    return len(meant)


def _message(kind: str, telling: Telling, at: datetime) -> Message:
    context = json.loads(json.dumps(telling.context, cls=DjangoJSONEncoder))
    return Message(
        recipient_id=telling.recipient_id, kind=kind, key=telling.key, context=context, url=telling.url, created_at=at
    )


def _send(tellings: Sequence[Telling], at: datetime) -> None:
    """One delivery a message; those told before have theirs."""
    asked = {(telling.recipient_id, telling.key) for telling in tellings}
    rows = Message.objects.filter(
        recipient__in={recipient for recipient, _key in asked}, key__in={key for _recipient, key in asked}
    ).values_list("pk", "recipient", "key")
    waiting = [pk for pk, recipient, key in rows if (recipient, key) in asked]
    Delivery.objects.bulk_create(
        [Delivery(message_id=pk, channel=Channel.EMAIL, due_at=at) for pk in waiting], ignore_conflicts=True
    )
    transaction.on_commit(tasks.nudge)
