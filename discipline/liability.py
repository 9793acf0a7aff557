"""What the company owes in bonuses for points that are not approved yet. For the owner's figures; reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from discipline.unsettled import Standing, standings


@dataclass(frozen=True, kw_only=True)
class Liability:
    """Open points in one currency, money in minor units: what would be paid today, and what pools would be reduced by."""

    currency: str
    people: int
    points: int
    to_pay_minor: int
    reduced_minor: int


@dataclass(frozen=True, kw_only=True)
class Owed:
    """The liability by currency, and the open points that nobody has set a rate for."""

    by_currency: list[Liability]
    people_without_rate: int
    points_without_rate: int


def bonus_liability(*, day: date) -> Owed:
    """Every person's points that no approved settlement has paid, at the rate of his team on `day`: one statement."""
    open_ones = [one for one in standings(day=day, free=False) if one.points]
    by_currency: dict[str, list[Standing]] = defaultdict(list)
    for one in open_ones:
        if one.rule is not None:
            by_currency[one.rule.currency].append(one)
    without = [one for one in open_ones if one.rule is None]
    return Owed(
        by_currency=[_sum_up(currency, rows) for currency, rows in sorted(by_currency.items())],
        people_without_rate=len(without),
        points_without_rate=sum(one.points for one in without),
    )


def _sum_up(currency: str, rows: list[Standing]) -> Liability:
    amounts = [worked.amount_minor for one in rows if (worked := one.worked)]
    return Liability(
        currency=currency,
        people=len(rows),
        points=sum(one.points for one in rows),
        to_pay_minor=sum(amount for amount in amounts if amount > 0),
        reduced_minor=-sum(amount for amount in amounts if amount < 0),
    )
