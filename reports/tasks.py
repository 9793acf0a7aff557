"""The jobs of the reports. Every task may run twice or late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from discipline.services import heartbeats
from reports.services import mailing, readings


@shared_task
def read_figures() -> None:
    """Read what the screens show."""
    now = timezone.now()
    readings.read(at=now)
    heartbeats.beat("figures", at=now)


@shared_task
def send_reports() -> None:
    """Tell people that their reports are due, each once."""
    now = timezone.now()
    mailing.run(now=now)
    heartbeats.beat("reports by mail", at=now)
