"""How far somebody is with the plan of the month: what is reached, how it compares with the days gone by, what each day must bring."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from accounts import formats
from reports import formulas
from reports.morning.people import Member

KEEPS_UP, LAGS = Decimal(1), Decimal("0.8")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A person's plan and what he has won towards it, in minor units of `currency`, and the
    workdays of the month: `elapsed` of `days` are over."""

    currency: str
    target: int
    won: int
    elapsed: int
    days: int

    @property
    def pace(self) -> Decimal | None:
        """1 where he is as far as the days are; None before the first day is over."""
        return formulas.pace(self.won, self.target, self.elapsed, self.days)

    @property
    def part(self) -> Decimal | None:
        """The share of the plan that is reached."""
        return formulas.attainment(self.won, self.target)

    @property
    def reached(self) -> Decimal:
        """The same in per cent, for a bar."""
        return (self.part or Decimal(0)) * 100

    @property
    def needed(self) -> int | None:
        """What each day that is left must bring; nothing once the plan is reached."""
        daily = formulas.needed_per_day(self.won, self.target, self.elapsed, self.days)
        return None if daily is None else int(daily.to_integral_value())

    @property
    def state(self) -> str:
        """As components name states: on-track, watch, behind; pending before the first day is over."""
        if self.won >= self.target:
            return "met"
        if self.pace is None:
            return "pending"
        return "on-track" if self.pace >= KEEPS_UP else "watch" if self.pace >= LAGS else "behind"

    @property
    def of_plan(self) -> str:
        return formats.money_short(self.target, self.currency)

    @property
    def so_far(self) -> str:
        return formats.money_short(self.won, self.currency)

    @property
    def daily(self) -> str:
        """What each day must bring, in whole units: "€3 333"; a dash when nothing is left to do, or no day to do it in."""
        if not self.needed:
            return formats.DASH
        unit = 1 if self.currency in formats.NO_MINOR_UNITS else 100
        return formats.money(int((Decimal(self.needed) / unit).to_integral_value(ROUND_HALF_UP)) * unit, self.currency)


def of(member: Member) -> Progress | None:
    """None without a plan."""
    planned = member.sums.whole("plan")
    currency = next(iter(planned.minor), "")
    if not planned.minor.get(currency):
        return None
    won = member.sums.whole("won").minor.get(currency, 0)
    return Progress(
        currency=currency, target=planned.minor[currency], won=won, elapsed=member.elapsed, days=member.days
    )
