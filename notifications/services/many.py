"""Telling many people at once, each his own words, in a number of statements that does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from notifications import tasks
from notifications.models import Channel, Delivery, DeliveryStatus, Message


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is told; see `messages.tell`."""

    recipient_id: int
    key: str
    context: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    expires_at: datetime | None = None


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
    asked = {(telling.recipient_id, telling.key): telling for telling in tellings}
    rows = _told(asked).values_list("pk", "recipient", "key")
    waiting = [(pk, asked[recipient, key]) for pk, recipient, key in rows if (recipient, key) in asked]
    Delivery.objects.bulk_create(
        [
            Delivery(message_id=pk, channel=Channel.EMAIL, due_at=at, expires_at=telling.expires_at)
            for pk, telling in waiting
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(tasks.nudge)


@transaction.atomic
def withdraw_many(*, told: Collection[tuple[int, str]], at: datetime) -> int:
    """Take back what is no longer so, by recipient and key: the mail if it has not gone out, the entry of the inbox if nobody has
    read it. Gives the number of entries. The key stays used: the same cause is not told again in its period."""
    if not told:
        return 0
    rows = _told(told).filter(withdrawn_at__isnull=True).values_list("pk", "recipient", "key")
    mended = [pk for pk, recipient, key in rows if (recipient, key) in told]
    Delivery.objects.free(at).filter(message__in=mended).update(status=DeliveryStatus.WITHDRAWN)
    return Message.objects.filter(pk__in=mended, read_at__isnull=True).update(withdrawn_at=at, read_at=at)


def _told(pairs: Collection[tuple[int, str]]) -> QuerySet[Message]:
    """Messages by recipients and keys, some of other pairs of them among them."""
    return Message.objects.filter(
        recipient__in={recipient for recipient, _key in pairs}, key__in={key for _recipient, key in pairs}
    )
