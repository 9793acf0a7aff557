"""Takes what is waiting in the outbox to its channel.

Rows are claimed for a short while in one transaction, sent outside of any, and recorded one by one. Two relays never hold
the same row; one that dies leaves rows whose claim runs out, so a mail may come twice but never not at all.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from notifications import rendering
from notifications.models import Delivery, DeliveryStatus

log = logging.getLogger(__name__)

BATCH = 10
LEASE = timedelta(minutes=5)  # longer than a batch can take when every mail runs into EMAIL_TIMEOUT
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
"""How long to wait after each failure; after the last of them the delivery is given up and keeps its error."""

LINE_CUT = (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError)


class _ServerAway(Exception):
    """The mail server cannot be reached: no mail is to blame, so none of them loses an attempt."""


def deliver_waiting(*, at: datetime, most: int = 100) -> int:
    """Send up to `most` deliveries that are due at `at`; the number of those that went out."""
    sent = tried = 0
    with closing(get_connection()) as letterbox:
        while tried < most and (claimed := _claim(at, min(BATCH, most - tried))):
            tried += len(claimed)
            gone_out, left = _send_batch(claimed, letterbox, at)
            sent += gone_out
            if left:
                _release(left)
                break
    return sent


@transaction.atomic
def _claim(at: datetime, number: int) -> list[Delivery]:
    """Mark rows as ours for a while. The attempt is counted now: a mail that kills its relay must not be tried for ever."""
    claimed = list(Delivery.objects.claimable(at)[:number])
    for delivery in claimed:
        delivery.attempts += 1
        delivery.claimed_until = at + LEASE
        if delivery.attempts > len(PAUSES) + 1:
            delivery.status = DeliveryStatus.FAILED
            delivery.error = delivery.error or "The relay ended each time while sending it."
    Delivery.objects.bulk_update(claimed, ["attempts", "claimed_until", "status", "error"])
    ours = [delivery.pk for delivery in claimed if delivery.status == DeliveryStatus.WAITING]
    return list(Delivery.objects.filter(pk__in=ours).select_related("message__recipient").order_by("due_at", "pk"))


def _send_batch(
    claimed: Sequence[Delivery], letterbox: BaseEmailBackend, at: datetime
) -> tuple[int, Sequence[Delivery]]:
    """Send one after the other: how many went out, and those that were not tried because the line was cut."""
    sent = 0
    for place, delivery in enumerate(claimed):
        try:
            _send(delivery, letterbox)
        except _ServerAway as error:
            log.warning("The mail server does not answer: %s", error)
            return sent, claimed[place:]
        except Exception as error:
            log.warning("Delivery %s failed: %s", delivery.pk, error)
            _record_failure(delivery, error, at)
            if isinstance(error, LINE_CUT):
                return sent, claimed[place + 1 :]
        else:
            _record(delivery, status=DeliveryStatus.SENT, sent_at=at, error="")
            sent += 1
    return sent, []


def _send(delivery: Delivery, letterbox: BaseEmailBackend) -> None:
    """Send one; somebody switched off in the meantime gets none."""
    if not delivery.message.recipient.is_active:
        return
    letter = rendering.mail(delivery)
    try:
        letterbox.open()
    except OSError as error:
        raise _ServerAway(str(error)) from error
    letter.connection = letterbox
    letter.send()


def _record_failure(delivery: Delivery, error: Exception, at: datetime) -> None:
    """Wait longer each time, then give up."""
    said = f"{type(error).__name__}: {error}"[:300]
    if delivery.attempts > len(PAUSES):
        _record(delivery, status=DeliveryStatus.FAILED, error=said)
    else:
        _record(delivery, due_at=at + PAUSES[delivery.attempts - 1], error=said)


def _record(delivery: Delivery, **facts: object) -> None:
    """Write what became of it, unless the claim ran out and another relay has it now."""
    ours = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, status=DeliveryStatus.WAITING)
    ours.update(claimed_until=None, **facts)


def _release(deliveries: Sequence[Delivery]) -> None:
    """Give rows back untried, with the attempt that claiming had counted."""
    for delivery in deliveries:
        _record(delivery, attempts=F("attempts") - 1)
