"""Looks what is due and tells it, each period once. May run twice, late, or several times at once: the database decides."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from discipline.alerts import exceptions, morning, owner, reminders, unreviewed, unsigned
from discipline.alerts.base import Alert, Pair
from discipline.alerts.scene import Scene
from notifications.models import DeliveryStatus, Message
from notifications.services import rounds
from notifications.services.many import tell_many, withdraw_many

log = logging.getLogger(__name__)

ALERTS: list[Alert] = [
    *reminders.ALERTS,
    *exceptions.ALERTS,
    *unreviewed.ALERTS,
    *morning.ALERTS,
    *owner.ALERTS,
    *unsigned.ALERTS,
]
LOOKED_BACK = timedelta(days=7)
"""What has waited for longer is told all the same, or expires."""


def run(*, now: datetime) -> int:
    """Tell what is due at `now`, and withdraw what was mended before it went out; how many people were told something.

    One alert that fails does not keep the others back; the failure is raised in the end.
    """
    scene = Scene(now)
    told = 0
    failures: list[Exception] = []
    due = {(alert.kind, period): alert for alert in ALERTS for period in alert.due(scene)}
    fresh = rounds.fresh(asked=due.keys())
    for alert in [one for one in ALERTS if any(due[key] is one for key in fresh)]:
        try:
            told += _tell(alert, [period for kind, period in fresh if due[kind, period] is alert], scene)
        except Exception as failure:
            log.exception("The alert %s could not be told.", alert.kind)
            failures.append(failure)
    _withdraw(scene)
    if failures:
        raise failures[0]
    return told


@transaction.atomic
def _tell(alert: Alert, periods: Collection[str], scene: Scene) -> int:
    """Tell about the periods of an alert that nobody has told about: they are begun in the same transaction."""
    begun = rounds.begin(kind=alert.kind, periods=periods, at=scene.now)
    if not begun:
        return 0
    return tell_many(kind=alert.kind, tellings=alert.says(scene, begun), at=scene.now)


def _withdraw(scene: Scene) -> None:
    """Take back what is still waiting to go out and no longer so."""
    checks = {alert.kind: alert for alert in reversed(ALERTS)}
    for kind, waiting in _waiting(checks, scene.now).items():
        withdraw_many(told=checks[kind].mended(scene, waiting), at=scene.now)


def _waiting(kinds: Collection[str], now: datetime) -> dict[str, set[Pair]]:
    """Messages of these kinds whose mail has not gone out: one statement."""
    rows = Message.objects.filter(
        kind__in=kinds,
        deliveries__status=DeliveryStatus.WAITING,
        withdrawn_at__isnull=True,
        created_at__gte=now - LOOKED_BACK,
        created_at__lt=now,
    )
    waiting: dict[str, set[Pair]] = defaultdict(set)
    for kind, recipient, key in rows.values_list("kind", "recipient_id", "key"):
        waiting[kind].add((recipient, key))
    return waiting
