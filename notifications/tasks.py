"""The outbox on the timetable."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from notifications.services import relay

log = logging.getLogger(__name__)


@shared_task
def deliver() -> None:
    """Send what is waiting. May run twice or late: rows are claimed, and the timetable calls again."""
    relay.deliver_waiting(at=timezone.now())


@shared_task
def announce() -> None:
    """Tell about new roles, addresses and invitations. May run twice or late: each is told once."""
    from notifications.services import announcements  # which imports `nudge` from here

    announcements.announce(at=timezone.now())


def nudge() -> None:
    """Have the outbox looked at now instead of within a minute. A broker that is away costs nothing but that minute."""
    try:
        deliver.delay()
    except Exception as error:
        log.warning("The outbox waits for the timetable: the broker did not answer (%s).", error)
