"""The formula from points to money: worked examples, and what holds for any figures."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.settling import half_up, money_for, most_taken


def terms(rate: int = 100, pool: int = 0, cap: int = 100, negative: str = "none") -> SimpleNamespace:
    return SimpleNamespace(rate_minor=rate, pool_minor=pool, cap_percent=cap, negative=negative)


ANY_TERMS = st.builds(
    terms,
    rate=st.integers(0, 10_000_000),
    pool=st.integers(0, 2_000_000_000),
    cap=st.integers(0, 100),
    negative=st.sampled_from(["none", "reduce"]),
)
POINTS = st.integers(-5_000, 5_000)


@pytest.mark.parametrize(
    ("points", "rate", "pool", "cap", "negative", "amount"),
    [
        (112, 100, 1_000_00, 100, "reduce", 112_00),  # +112 at 1.00
        (7, 250, 0, 100, "none", 17_50),
        (0, 250, 1_000_00, 50, "reduce", 0),
        (-60, 100, 1_000_00, 100, "none", 0),
        (-60, 100, 1_000_00, 100, "reduce", -60_00),
        (-60, 100, 100_00, 50, "reduce", -50_00),  # half of the pool at most
        (-600, 100, 500_00, 100, "reduce", -500_00),  # never more than the pool
        (-60, 100, 1_000_00, 0, "reduce", 0),
        (-60, 100, 0, 100, "reduce", 0),  # nothing to reduce: wages stay
        (-10, 100, 3_33, 50, "reduce", -1_67),  # 1.665 goes up
        (-10, 100, 3_33, 33, "reduce", -1_10),  # 1.0989 is nearest to 1.10
        (-10, 0, 1_000_00, 100, "reduce", 0),
    ],
)
def test_worked_examples(points, rate, pool, cap, negative, amount):
    assert money_for(points, terms(rate, pool, cap, negative)).amount_minor == amount


@pytest.mark.parametrize(
    ("amount", "whole"),
    [("0.49", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1), ("-2.5", -3), ("124.185", 124)],
)
def test_halves_go_away_from_zero(amount, whole):
    assert half_up(Decimal(amount)) == whole


def test_the_parts_tell_how_the_amount_came_about():
    assert money_for(-60, terms(100, 100_00, 50, "reduce")).parts() == {
        "points": -60,
        "rate_minor": 100,
        "value_minor": 60_00,
        "pool_minor": 100_00,
        "cap_percent": 50,
        "negative": "reduce",
        "limit_minor": 50_00,
        "amount_minor": -50_00,
    }


@given(points=POINTS, by=ANY_TERMS)
def test_the_pool_never_falls_below_zero_and_nobody_owes_anything(points, by):
    worked = money_for(points, by)
    assert type(worked.amount_minor) is int
    assert by.pool_minor + min(worked.amount_minor, 0) >= 0
    assert worked.amount_minor >= -by.rate_minor * max(-points, 0)
    assert worked.amount_minor >= -most_taken(by)


@given(points=st.integers(1, 5_000), by=ANY_TERMS)
def test_points_won_are_paid_to_the_cent_whatever_the_policy(points, by):
    assert money_for(points, by).amount_minor == points * by.rate_minor


@given(points=POINTS, by=ANY_TERMS)
def test_one_point_more_never_pays_less(points, by):
    assert money_for(points + 1, by).amount_minor >= money_for(points, by).amount_minor


@given(points=st.integers(-5_000, -1), by=ANY_TERMS)
def test_without_a_policy_points_below_zero_take_nothing(points, by):
    by.negative = "none"
    assert money_for(points, by).amount_minor == 0


@given(first=st.integers(0, 5_000), second=st.integers(0, 5_000), by=ANY_TERMS)
def test_points_won_add_up_over_several_settlements(first, second, by):
    parts = money_for(first, by).amount_minor + money_for(second, by).amount_minor
    assert parts == money_for(first + second, by).amount_minor
