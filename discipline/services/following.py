"""Scoring follows the teams: who is placed, moved or switched off on the people pages is scored accordingly from the next day.

The control system learns of it by reading, and acts in the name of the coordinator, who did it. A day that has begun keeps its
team and its rules.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Membership, Role, Team, User
from crm.when import local_day
from discipline.models import Assignment, Mode, TeamPolicy
from discipline.services import assignments, policies, schemes

KEPT = ("workdays", "shift_start", "shift_end", "grade", "hired_on")
COUNTING = (Mode.SOFT, Mode.LIVE)


def follow_teams(*, at: datetime) -> int:
    """Bring assignments in line with memberships, and tell how many changed; calling it again changes nothing.

    A team without a deadline of its own starts with 18:00 in the person's zone, on trial: its points are shown and do not count.
    """
    coordinator = User.objects.filter(is_active=True, role=Role.ADMIN).order_by("pk").first()
    if coordinator is None:
        return 0
    return _end_for_leavers(coordinator, at) + _begin_and_move(coordinator, at)


def _end_for_leavers(coordinator: User, at: datetime) -> int:
    leavers = User.objects.filter(
        is_active=False, assignments__ends_on__isnull=True, assignments__isnull=False
    ).distinct()
    for person in leavers:
        assignments.end(user=person, on=_tomorrow(person, at), by=coordinator)
    return len(leavers)


def _begin_and_move(coordinator: User, at: datetime) -> int:
    placed = Membership.objects.filter(user__is_active=True, user__role=Role.MANAGER, ends_on__isnull=True)
    present = {one.user_id: one for one in Assignment.objects.filter(ends_on__isnull=True)}
    changed = 0
    for membership in placed.select_related("user", "team").order_by("pk"):
        now_in = present.get(membership.user_id)
        if now_in is not None and now_in.team_id == membership.team_id:
            continue
        _assign(membership, now_in, coordinator, at)
        changed += 1
    return changed


def _assign(membership: Membership, before: Assignment | None, coordinator: User, at: datetime) -> None:
    """From the day of the move, or tomorrow when that has begun, by the rules and hours the person had, else the standard ones.

    Whoever was never scored and comes into a team whose points count is a new hire: he starts on trial.
    """
    person, team = membership.user, membership.team
    on = max(membership.starts_on, _tomorrow(person, at))
    if not TeamPolicy.objects.filter(team=team).exists():
        policies.set_policy(team=team, on=on, zone=person.zone, mode=Mode.TRIAL, by=coordinator, at=at)
    kept: dict[str, Any] = {name: getattr(before, name) for name in KEPT} if before else {}
    if not Assignment.objects.filter(user=person).exists() and _counts(team, on):
        kept["hired_on"] = on
    scheme = before.scheme if before else schemes.factory(by=coordinator, at=at)
    assignments.assign(user=person, team=team, scheme=scheme, on=on, by=coordinator, at=at, **kept)


def _counts(team: Team, day: date) -> bool:
    return TeamPolicy.objects.on(day).filter(team=team, mode__in=COUNTING).exists()


def _tomorrow(person: User, at: datetime) -> date:
    return local_day(at, person.zone) + timedelta(days=1)
