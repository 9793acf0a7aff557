"""What is done when a job of the timetable has fallen silent: coordinators and owners are told, once for each silence."""

from __future__ import annotations

from datetime import datetime

from discipline.alerts import trouble
from discipline.services import heartbeats
from notifications.models import Delivery, DeliveryStatus
from notifications.services import relay

KIND = "scheduler_silent"


def look(*, now: datetime) -> dict[str, datetime]:
    """Tell of jobs that have been silent for too long; the jobs with their last run.

    The mail goes out from here: with the timetable asleep nobody else empties the outbox.
    """
    silent = heartbeats.silent(now=now)
    if silent:
        trouble.scheduler_silent(names=silent, at=now)
        if Delivery.objects.filter(message__kind=KIND, status=DeliveryStatus.WAITING, due_at__lte=now).exists():
            relay.deliver_waiting(at=now)
    return silent
