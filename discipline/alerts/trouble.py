"""What coordinators and owners are told when the control system itself is in trouble."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import Role, Team, User
from notifications.services.messages import tell


def day_dead(*, team_id: int, day: date, error: str, at: datetime) -> None:
    """A team's day could not be closed and is not tried again by itself."""
    team = Team.objects.get(pk=team_id)
    context = {"team": team.name, "day": day, "error": error}
    _tell("day_dead", f"day_dead:{team_id}:{day.isoformat()}:{at.isoformat()}", context, at)


def verification_differs(*, verification_id: int, cards: int, chain_whole: bool, at: datetime) -> None:
    """Cards came out differently when they were computed again, or the ledger's chain is broken."""
    _tell("verification_differs", f"verification:{verification_id}", {"cards": cards, "chain_whole": chain_whole}, at)


def scheduler_silent(*, names: Mapping[str, datetime], at: datetime) -> None:
    """Jobs of the timetable have been silent for too long; told once for each silence."""
    for name, since in names.items():
        _tell("scheduler_silent", f"silent:{name}:{since.isoformat()}", {"name": name, "since": since}, at)


def _tell(kind: str, key: str, context: Mapping[str, Any], at: datetime) -> None:
    for person in User.objects.filter(is_active=True, role__in=(Role.ADMIN, Role.OWNER)).order_by("pk"):
        tell(recipient=person, kind=kind, key=key, at=at, context=context, url=reverse("discipline:upkeep"))
