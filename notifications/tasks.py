"""The outbox on the timetable."""

from __future__ import annotations

import logging

import redis
from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.services import relay

log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""So many deliveries are looked at in one go: a whole company is reminded within a minute or two."""


@shared_task
def deliver() -> None:
    """Send what is waiting. May run twice or late: rows are claimed, and the timetable calls again."""
    relay.deliver_waiting(at=timezone.now(), most=AT_ONCE)


@shared_task
def announce() -> None:
    """Tell about new roles, addresses and invitations. May run twice or late: each is told once."""
    from notifications.services import announcements  # which imports `nudge` from here

    announcements.announce(at=timezone.now())


def nudge() -> None:
    """Have the outbox looked at now instead of within a minute. A broker that is away costs nothing but that minute.

    It is asked once first: Celery's own publishing tries again for seconds, in which somebody waits for his page.
    """
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.3, retry=None
        ) as broker:
            broker.ping()
        deliver.apply_async(retry=False)
    except (redis.RedisError, OperationalError) as error:
        log.info("The outbox waits for the timetable: the broker did not answer (%s).", error)
