"""The formulas of plans, forecasts and shares, by the numbers of a month: plan 60 000, 12 of 21 days, 30 000 so far."""

from decimal import Decimal

import pytest

from reports import formulas

CENT = Decimal("0.01")


def cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(CENT)


def test_the_month_of_the_example() -> None:
    assert formulas.attainment(30_000, 60_000) == Decimal("0.5")
    assert cents(formulas.expected(60_000, 12, 21)) == Decimal("34285.71")
    assert formulas.pace(30_000, 60_000, 12, 21) == Decimal("0.875")
    assert cents(formulas.needed_per_day(30_000, 60_000, 12, 21)) == Decimal("3333.33")
    assert formulas.per_day(30_000, 12) == 2_500
    assert formulas.run_rate(30_000, 12, 21) == 52_500


def test_the_forecast_is_a_range_of_the_run_rate_and_the_pipeline() -> None:
    assert formulas.forecast_range(30_000, 12, 21, 15_000) == (45_000, 52_500)
    assert formulas.forecast_range(30_000, 12, 21, 40_000) == (52_500, 70_000)


def test_in_the_first_days_only_the_pipeline_says_something() -> None:
    assert formulas.forecast_range(9_000, 4, 21, 15_000) == (24_000, 24_000)
    assert formulas.forecast_range(9_000, 5, 21, 15_000) == (24_000, 37_800)


def test_parts_of_days_weigh_as_parts() -> None:
    assert formulas.pace(Decimal("1250.50"), 5_002, Decimal("5.25"), 21) == 1
    assert formulas.needed_per_day(0, 100, Decimal("19.5"), 21).quantize(CENT) == Decimal("66.67")  # type: ignore[union-attr]


def test_nothing_to_divide_by_is_no_figure() -> None:
    assert formulas.attainment(5, 0) is None
    assert formulas.expected(100, 0, 0) is None
    assert formulas.pace(5, 100, 0, 21) is None
    assert formulas.pace(5, 0, 10, 21) is None
    assert formulas.per_day(5, 0) is None
    assert formulas.needed_per_day(5, 100, 21, 21) is None
    assert formulas.wilson(0, 0) is None


def test_a_reached_plan_needs_nothing_more() -> None:
    assert formulas.needed_per_day(70_000, 60_000, 12, 21) == 0


@pytest.mark.parametrize(
    ("hits", "tried", "lower", "upper"),
    [
        (6, 25, "0.1150", "0.4343"),
        (12, 60, "0.1183", "0.3178"),
        (0, 20, "0.0000", "0.1611"),
        (20, 20, "0.8389", "1.0000"),
        (81, 263, "0.2553", "0.3662"),
    ],
)
def test_the_interval_of_a_share(hits: int, tried: int, lower: str, upper: str) -> None:
    bounds = formulas.wilson(hits, tried)
    assert bounds is not None
    assert [str(bound.quantize(Decimal("0.0001"))) for bound in bounds] == [lower, upper]
    assert formulas.wilson_upper(hits, tried) == bounds.upper


def test_six_of_twenty_five_may_still_be_forty_per_cent_and_twelve_of_sixty_may_not() -> None:
    assert formulas.wilson_upper(6, 25) > Decimal("0.40")  # type: ignore[operator]
    assert formulas.wilson_upper(12, 60) < Decimal("0.40")  # type: ignore[operator]
