"""Takes what is waiting in the outbox to its channel.

Rows are claimed for a short while in one transaction, sent outside of any, and recorded one by one. Two relays never hold
the same row; one that dies leaves rows whose claim runs out, so a mail may come twice but never not at all. Which of them go out
now, and which wait for the morning, is decided as they are claimed (`courtesy`).
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

from notifications import courtesy, rendering
from notifications.attachments import NotForHim
from notifications.courtesy import Parcel
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
    """Look at up to `most` deliveries that are due at `at`, and send those that may go; the number of letters that went out."""
    sent = looked_at = 0
    with closing(get_connection()) as letterbox:
        while looked_at < most:
            found, parcels = _claim(at, min(BATCH, most - looked_at))
            if not found:
                break
            looked_at += found
            gone_out, left = _send_batch(parcels, letterbox, at)
            sent += gone_out
            if left:
                _release(left)
                break
    return sent


@transaction.atomic
def _claim(at: datetime, number: int) -> tuple[int, list[Parcel]]:
    """How many rows were due, and those of them that go out, marked as ours for a while.

    The attempt is counted now: a mail that kills its relay must not be tried for ever.
    """
    found = list(Delivery.objects.claimable(at).select_related("message__recipient")[:number])
    parcels = courtesy.sort(found, at)
    for parcel in parcels:
        letter = parcel.letter
        letter.attempts += 1
        letter.claimed_until = at + LEASE
        if letter.attempts > len(PAUSES) + 1:
            letter.status = DeliveryStatus.FAILED
            letter.error = letter.error or "The relay ended each time while sending it."
    touched = {one.pk: one for one in found} | {one.pk: one for parcel in parcels for one in parcel.along}
    columns = ["attempts", "claimed_until", "status", "error", "due_at", "held", "carried_by"]
    Delivery.objects.bulk_update(touched.values(), columns)
    return len(found), [parcel for parcel in parcels if parcel.letter.status == DeliveryStatus.WAITING]


def _send_batch(parcels: Sequence[Parcel], letterbox: BaseEmailBackend, at: datetime) -> tuple[int, Sequence[Parcel]]:
    """Send one after the other: how many went out, and those that were not tried because the line was cut."""
    sent = 0
    for place, parcel in enumerate(parcels):
        try:
            _send(parcel, letterbox)
        except _ServerAway as error:
            log.warning("The mail server does not answer: %s", error)
            return sent, parcels[place:]
        except NotForHim:
            _record(parcel.letter, status=DeliveryStatus.WITHDRAWN)
        except Exception as error:
            log.warning("Delivery %s failed: %s", parcel.letter.pk, error)
            _record_failure(parcel.letter, error, at)
            if isinstance(error, LINE_CUT):
                return sent, parcels[place + 1 :]
        else:
            _record(parcel.letter, status=DeliveryStatus.SENT, sent_at=at, error="")
            for one in parcel.along:
                _record(one, status=DeliveryStatus.SENT, sent_at=at, error="")
            sent += 1
    return sent, []


def _send(parcel: Parcel, letterbox: BaseEmailBackend) -> None:
    """Send one; somebody switched off in the meantime gets none."""
    if not parcel.letter.message.recipient.is_active:
        return
    letter = rendering.mail(parcel.letter, along=[one.message for one in parcel.along])
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


def _release(parcels: Sequence[Parcel]) -> None:
    """Give rows back untried, with the attempt that claiming had counted."""
    for parcel in parcels:
        _record(parcel.letter, attempts=F("attempts") - 1)
