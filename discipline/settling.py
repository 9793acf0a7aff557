"""From points to money: the formula of variable pay by points. Pure functions, integers and Decimal only, no database.

Source: points above zero are paid at the rate; points below zero reduce the variable bonus that is not earned yet, never wages.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from discipline.models.money import NegativePolicy


class Terms(Protocol):
    """What a point is worth; a PayRule is one. Money in minor units."""

    @property
    def rate_minor(self) -> int: ...
    @property
    def pool_minor(self) -> int: ...
    @property
    def cap_percent(self) -> int: ...
    @property
    def negative(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Worked:
    """An amount and the parts it was worked out from, all money in minor units.

    `value_minor` is |points| x rate. `limit_minor` is the most that points below zero may take, 0 where they take nothing.
    `amount_minor` is what is paid, or below zero what the pool is reduced by.
    """

    points: int
    rate_minor: int
    value_minor: int
    pool_minor: int
    cap_percent: int
    negative: str
    limit_minor: int
    amount_minor: int

    def parts(self) -> dict[str, Any]:
        """The same as plain data, to be kept with the amount."""
        return asdict(self)


def money_for(points: int, terms: Terms) -> Worked:
    """What points come to: P x rate above zero; below zero minus min(|P| x rate, cap % of the pool, pool), or nothing by policy."""
    value = abs(points) * terms.rate_minor
    limit = most_taken(terms)
    return Worked(
        points=points,
        rate_minor=terms.rate_minor,
        value_minor=value,
        pool_minor=terms.pool_minor,
        cap_percent=terms.cap_percent,
        negative=terms.negative,
        limit_minor=limit,
        amount_minor=value if points >= 0 else -min(value, limit),
    )


def most_taken(terms: Terms) -> int:
    """The most that points below zero may take from one person's pool in one settlement."""
    if terms.negative != NegativePolicy.REDUCE:
        return 0
    part = half_up(Decimal(terms.pool_minor) * terms.cap_percent / 100)
    return max(0, min(part, terms.pool_minor))


def half_up(amount: Decimal) -> int:
    """The whole minor units nearest to an amount, halves away from zero: the one place where money is rounded."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
