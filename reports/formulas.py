"""The formulas of plans, forecasts and shares. Pure functions, Decimal only, no database.

Days are workdays, as whole days or as the weight of parts of them. Amounts come back unrounded: whoever shows them rounds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

FIRST_DAYS = 5
"""Before so many days of a month have passed its run rate says nothing."""
Z_95 = Decimal("1.959963984540054")
"""The quantile of the normal distribution for 95 % between two bounds."""

Number = Decimal | int


class Forecast(NamedTuple):
    """A forecast as a range; both ends are the same where there is one way only to come to it."""

    low: Decimal
    high: Decimal


class Bounds(NamedTuple):
    """Between these the true share lies in 95 of 100 cases."""

    lower: Decimal
    upper: Decimal


def attainment(actual: Number, plan: Number) -> Decimal | None:
    """The part of the plan that is reached: A / P. None without a plan."""
    return Decimal(actual) / plan if plan else None


def expected(plan: Number, elapsed: Number, days: Number) -> Decimal | None:
    """What the plan asks for by now: P x elapsed / whole. None in a month without workdays."""
    return Decimal(plan) * elapsed / days if days else None


def pace(actual: Number, plan: Number, elapsed: Number, days: Number) -> Decimal | None:
    """What is reached against what should be by now: A / (P x elapsed / whole). None before the first day is over."""
    return Decimal(actual) * days / (Decimal(plan) * elapsed) if plan and elapsed and days else None


def needed_per_day(actual: Number, plan: Number, elapsed: Number, days: Number) -> Decimal | None:
    """What each of the remaining days has to bring: (P - A) / remaining; nothing once the plan is reached. None when no day is left."""
    remaining = Decimal(days) - elapsed
    return max(Decimal(0), Decimal(plan) - actual) / remaining if remaining > 0 else None


def per_day(actual: Number, elapsed: Number) -> Decimal | None:
    """What a day has brought so far: A / elapsed. None before the first day is over."""
    return Decimal(actual) / elapsed if elapsed else None


def run_rate(actual: Number, elapsed: Number, days: Number) -> Decimal | None:
    """What the whole month brings if it goes on like this: A / elapsed x whole. None before the first day is over."""
    return Decimal(actual) * days / elapsed if elapsed else None


def forecast_range(actual: Number, elapsed: Number, days: Number, pipeline: Number) -> Forecast:
    """What the month will bring: the run rate beside the pipeline (what is won, and each open deal's amount times the probability that
    it is won and closes in the month), as a range. In the first FIRST_DAYS days the pipeline only."""
    by_pipeline = Decimal(actual) + pipeline
    going_on = run_rate(actual, elapsed, days) if elapsed >= FIRST_DAYS else None
    if going_on is None:
        return Forecast(by_pipeline, by_pipeline)
    return Forecast(min(going_on, by_pipeline), max(going_on, by_pipeline))


def wilson(hits: int, tried: int) -> Bounds | None:
    """The 95 % interval of a share of `hits` in `tried`; None where nothing was tried.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927): with p = k/n,
    (p + z²/2n ± z sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n).
    """
    if not tried:
        return None
    n, share = Decimal(tried), Decimal(hits) / tried
    square = Z_95 * Z_95
    middle = share + square / (2 * n)
    half = Z_95 * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
    whole = 1 + square / n
    return Bounds(max(Decimal(0), (middle - half) / whole), min(Decimal(1), (middle + half) / whole))


def wilson_upper(hits: int, tried: int) -> Decimal | None:
    """The upper bound of `wilson`."""
    bounds = wilson(hits, tried)
    return bounds.upper if bounds else None
