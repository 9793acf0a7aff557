"""The jobs of the control system. Every task may run twice or late: the database says what is missing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from discipline import alerts, proposals
from discipline.alerts import trouble
from discipline.services import following, heartbeats, planner, simulations, verification


@shared_task
def plan_days() -> None:
    """Let scoring follow the teams, close what is due, and propose the corrections that later knowledge asks for."""
    now = timezone.now()
    following.follow_teams(at=now)
    if planner.missing(now=now):
        close_days.delay()
    proposals.run(now=now)
    heartbeats.beat("days to close", at=now)


@shared_task
def close_days() -> None:
    """Close all days that are due, the oldest first."""
    planner.run(now=timezone.now())


@shared_task
def send_alerts() -> None:
    """Tell people what is due: reminders, exceptions and digests, each once."""
    now = timezone.now()
    alerts.run(now=now)
    heartbeats.beat("alerts", at=now)


@shared_task
def verify() -> None:
    """Once a night: compute past cards again, walk the ledger's chain, and tell what differs."""
    now = timezone.now()
    if verification.due(now=now):
        made = verification.nightly(now=now)
        findings = made.findings.count()
        if findings or not made.chain_whole:
            trouble.verification_differs(verification_id=made.pk, cards=findings, chain_whole=made.chain_whole, at=now)
    heartbeats.beat("verification", at=now)


@shared_task
def simulate(*, simulation_id: int) -> None:
    """Play a draft over past days; what is done already is not done again."""
    simulations.run(simulation_id=simulation_id)


@shared_task
def resume_simulations() -> None:
    """Take up simulations whose message was lost or whose worker died."""
    for simulation_id in simulations.unfinished():
        simulate.delay(simulation_id=simulation_id)
