"""Rates, points and closed days for tests of settlements and rewards."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from accounts.models import Team, User
from discipline.models import EntryKind, NegativePolicy, PayRule, Reward, RewardClaim, Settlement
from discipline.services import days, ledger, pay, rewards, settlements
from tests.factories.people import LONG_AGO, Cast

NOW = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
_numbers = count(1)


def make_rate(by: User, *, team: Team | None = None, on: date = LONG_AGO, rate: str = "1.00", **facts: Any) -> PayRule:
    """A point is worth one; points below zero reduce a pool of 100 by up to half of it."""
    asked = {"pool": Decimal(100), "cap_percent": 50, "negative": NegativePolicy.REDUCE, **facts}
    return pay.set_rule(team=team, starts_on=on, rate=Decimal(rate), by=by, at=NOW, **asked)


def give_points(user: User, points: int, day: date, kind: str = EntryKind.ADJUSTMENT) -> None:
    """Points straight into the ledger."""
    entry = ledger.posting(key=f"test:{next(_numbers)}", kind=kind, user_id=user.pk, day=day, points=points)
    assert ledger.post(entries=[entry]) == 1


def close_days(team: Team, first: date, last: date) -> None:
    """Close a team's days, weekends too, long after they were over."""
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days.close_all(team=team, days=span, at=datetime(last.year, last.month, last.day, 22, tzinfo=UTC))


def make_settlement(cast: Cast, first: date, last: date, *, team: Team | None = None, to: str = "draft") -> Settlement:
    """A settlement of the cast's team, taken as far as `to`."""
    made = settlements.make(first=first, last=last, team=team or cast.team, by=cast.admin, at=NOW)
    steps = {"draft": 0, "reviewed": 1, "approved": 2, "exported": 3}[to]
    if steps > 0:
        made = settlements.review(settlement=made, by=cast.admin, at=NOW)
    if steps > 1:
        made = settlements.approve(settlement=made, by=cast.owner, at=NOW)
    if steps > 2:
        made = settlements.export(settlement=made, by=cast.admin, at=NOW)
    return made


def make_reward(by: User, points: int = 10, name: str = "Lunch on the company", **facts: Any) -> Reward:
    return rewards.add(name=name, points=points, by=by, at=NOW, **facts)


def make_claim(reward: Reward, by: User) -> RewardClaim:
    return rewards.claim(reward=reward, points=reward.points, key=uuid4(), by=by, at=NOW)
