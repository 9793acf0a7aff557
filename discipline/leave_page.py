"""The page of leave: what waits for a decision with who else is away then, one's own, and who of one's people is away soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import Membership, User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.when import local_day
from discipline.models import Leave, LeaveStatus
from discipline.models.leaves import LeaveQuerySet
from discipline.services.leaves import STANDING
from discipline.spells import Spell
from discipline.timetable import Timetable

MOST = 50
SOON = timedelta(days=30)
STATES = {
    LeaveStatus.ASKED: ("clock", "none"),
    LeaveStatus.APPROVED: ("circle-check", "good"),
    LeaveStatus.REFUSED: ("circle-x", "bad"),
    LeaveStatus.CANCELLED: ("circle-minus", "none"),
}


@dataclass(frozen=True)
class Row:
    """A leave as it is shown; `workdays` that it covers, `others` of the team who are away then."""

    leave: Leave
    spell: Spell
    workdays: int
    may_cancel: bool
    others: list[tuple[User, Spell]] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return STATES[LeaveStatus(self.leave.status)][0]

    @property
    def tone(self) -> str:
        return STATES[LeaveStatus(self.leave.status)][1]


@dataclass(frozen=True)
class Page:
    """What one person sees of leave."""

    waiting: list[Row]
    own: list[Row]
    soon: list[Row]
    decides: bool
    asks: bool
    now: datetime


def read(user: Any, now: datetime) -> Page:
    """Everything for the page, in as many statements whatever the number of rows."""
    decides, asks = holds(user, Permission.LEAVE_DECIDE), holds(user, Permission.LEAVE_ADD)
    waiting = list(to_decide(user).select_related("user").order_by("from_at", "pk")[:MOST])
    own = (
        list(Leave.objects.visible_to(user).filter(user=user).select_related("user", "decided_by")[:MOST])
        if asks
        else []
    )
    seen = (
        Leave.objects.visible_to(user).filter(status=LeaveStatus.APPROVED).touching(now, now + SOON).exclude(user=user)
    )
    soon = list(seen.select_related("user").order_by("from_at", "pk")[:MOST]) if sees_others(user) else []
    days, away = _workdays([*waiting, *own, *soon]), _beside(waiting, now)

    def row(leave: Leave) -> Row:
        spell = Spell.of(leave.from_at, leave.until_at, leave.user.zone)
        mine = leave.user_id == user.pk and (leave.status == LeaveStatus.ASKED or leave.until_at > now)
        may_cancel = leave.status in STANDING and (mine or (decides and leave.user_id != user.pk))
        return Row(leave, spell, days[leave.pk], may_cancel, away.get(leave.pk, []))

    return Page(
        waiting=[row(one) for one in waiting], own=[row(one) for one in own], soon=[row(one) for one in soon],
        decides=decides, asks=asks, now=now,
    )  # fmt: skip


def sees_others(user: Any) -> bool:
    """Whether somebody sees more than his own leave: everybody but those who are only scored."""
    return holds(user, Permission.TEAM_DAY_VIEW) or holds(user, Permission.RULES_EDIT)


def to_decide(user: Any) -> LeaveQuerySet:
    """Requests that wait for this person's decision."""
    return Leave.objects.visible_to(user, Permission.LEAVE_DECIDE).filter(status=LeaveStatus.ASKED)


def _workdays(leaves: Sequence[Leave]) -> dict[int, int]:
    """How many days of each leave its person would have worked."""
    if not leaves:
        return {}
    spells = {one.pk: Spell.of(one.from_at, one.until_at, one.user.zone) for one in leaves}
    first, last = min(one.first for one in spells.values()), max(one.last for one in spells.values())
    timetable = Timetable.of_people({one.user_id for one in leaves}, first=first, until=last)
    known = set(timetable.people)
    return {
        one.pk: timetable.workdays(one.user_id, spells[one.pk].first, spells[one.pk].last)
        if one.user_id in known
        else _plain_days(spells[one.pk].first, spells[one.pk].last)
        for one in leaves
    }


def _plain_days(first: date, last: date) -> int:
    """Mondays to Fridays, for somebody who is not scored."""
    return sum((first + timedelta(days=n)).isoweekday() < 6 for n in range((last - first).days + 1))


def _beside(waiting: Sequence[Leave], now: datetime) -> dict[int, list[tuple[User, Spell]]]:
    """For each request, who else of the same team is away in its time, or has asked to be."""
    if not waiting:
        return {}
    today = local_day(now, waiting[0].user.zone)
    teams = dict(
        Membership.objects.on(today).filter(user__in={one.user_id for one in waiting}).values_list("user", "team")
    )
    mates = dict(Membership.objects.on(today).filter(team__in=set(teams.values())).values_list("user", "team"))
    first, last = min(one.from_at for one in waiting), max(one.until_at for one in waiting)
    others = Leave.objects.filter(Q(user__in=list(mates)), status__in=STANDING).touching(first, last)
    by_team: dict[int, list[Leave]] = defaultdict(list)
    for other in others.select_related("user").order_by("from_at", "pk"):
        by_team[mates[other.user_id]].append(other)
    return {one.pk: _overlapping(one, by_team[teams[one.user_id]]) for one in waiting if one.user_id in teams}


def _overlapping(leave: Leave, others: Iterable[Leave]) -> list[tuple[User, Spell]]:
    return [
        (other.user, Spell.of(other.from_at, other.until_at, other.user.zone))
        for other in others
        if other.user_id != leave.user_id and other.from_at < leave.until_at and leave.from_at < other.until_at
    ]
