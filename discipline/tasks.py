"""Closing days on the timetable. Every task may run twice or late: the database says what is missing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.models import Team
from discipline.services import following, planner


@shared_task
def plan_days() -> None:
    """Let scoring follow the teams, look which of them have a day to close, and let each be closed by a task of its own."""
    now = timezone.now()
    following.follow_teams(at=now)
    for team_id in sorted({team_id for team_id, _day in planner.missing(now=now)}):
        close_days.delay(team_id=team_id)


@shared_task
def close_days(*, team_id: int) -> None:
    """Close all days of a team that are due, the oldest first."""
    planner.run(now=timezone.now(), team=Team.objects.get(pk=team_id))
