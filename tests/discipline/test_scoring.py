"""From figures to points, rule by rule: no database, only what the scoring model says."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from discipline import scoring
from discipline.metrics import Measure
from discipline.models import Comparison, Mode, Result, Rule, WhenNothing
from discipline.windows import Window

HOURS = 480
GE, LE, EQ = Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EXACTLY


def window(**facts: Any) -> Window:
    return Window(**{
        "person_id": 1, "team_id": 1, "scheme_id": 1, "day": date(2026, 10, 20), "zone": "Europe/Warsaw", "mode": Mode.LIVE,
        "since": datetime(2026, 1, 5, tzinfo=UTC), "opens": datetime(2026, 10, 19, 16, tzinfo=UTC),
        "cut_off": datetime(2026, 10, 20, 16, tzinfo=UTC), "scheduled": HOURS, **facts,
    })  # fmt: skip


def rule(metric: str = "conversations", threshold: Any = 10, comparison: str = GE, **facts: Any) -> Rule:
    facts = {"code": "R", "points_met": 1, "points_missed": 2, **facts}
    return Rule(metric=metric, threshold=Decimal(threshold), comparison=comparison, **facts)


def measure(value: Any = 0, held: int = 0) -> Measure:
    return Measure(Decimal(value), held)


def verdict(one: Rule, found: Measure, of: Window) -> tuple[str, str, int]:
    line = scoring.line(one, found, of)
    return line.result, line.reason, line.points


# --- comparisons ---


@pytest.mark.parametrize(
    ("comparison", "value", "met"),
    [
        (GE, "10", True), (GE, "9.99", False), (GE, "10.01", True),
        (LE, "10", True), (LE, "9.99", True), (LE, "10.01", False),
        (EQ, "10", True), (EQ, "9.99", False), (EQ, "10.01", False),
        (GE, "9.995", True), (GE, "9.994", False),
    ],
)  # fmt: skip
def test_a_figure_is_compared_to_the_cent(comparison, value, met):
    expected = (Result.MET, "", 1) if met else (Result.MISSED, "", -2)
    assert verdict(rule(comparison=comparison), measure(value), window()) == expected


def test_a_rule_that_is_only_shown_or_on_trial_gives_no_points():
    assert verdict(rule(scored=False), measure(10), window()) == (Result.NOT_APPLICABLE, scoring.NOT_SCORED, 0)
    assert verdict(rule(trial=True), measure(10), window()) == (Result.MET, "", 0)
    assert verdict(rule(trial=True), measure(1), window()) == (Result.MISSED, "", 0)


# --- part of the day ---


@pytest.mark.parametrize(
    ("whole", "absent", "asked"),
    [
        (2, 240, 1), (1, 240, 1), (5, 240, 2), (1, 120, 1), (10, 240, 5),
        (10, 0, 10), (10, 48, 9), (10, 1, 9), (10, 360, 2), (10, 359, 2), (3, 160, 2), (3, 161, 1),
    ],
)  # fmt: skip
def test_a_threshold_of_work_is_for_the_part_of_the_day_that_somebody_was_there(whole, absent, asked):
    assert scoring.asked(rule(threshold=whole), window(absent=absent)).threshold == asked


@pytest.mark.parametrize(
    ("metric", "comparison", "threshold"),
    [
        ("overdue_tasks", LE, 0), ("lost_without_reason", LE, 0), ("deals_lost", LE, 4), ("deals_in_progress", GE, 8),
        ("data_in_time", LE, 2), ("deals_won", EQ, 4), ("base_quality", GE, 70), ("renewals_missed", LE, 0), ("conversations", GE, 0),
    ],
)  # fmt: skip
def test_nothing_but_work_is_asked_for_less(metric, comparison, threshold):
    asked = scoring.asked(rule(metric, threshold, comparison), window(absent=240, ramp=50))
    assert asked.threshold == threshold


@pytest.mark.parametrize(
    ("absent", "result"),
    [(360, Result.MISSED), (361, Result.NOT_APPLICABLE), (479, Result.NOT_APPLICABLE), (359, Result.MISSED)],
)
def test_below_a_quarter_of_the_day_nothing_that_takes_time_is_asked(absent, result):
    assert scoring.line(rule(), measure(0), window(absent=absent)).result == result
    there = verdict(rule("overdue_tasks", 0, LE), measure(1, 1), window(absent=absent))
    assert there == (Result.MISSED, "", -2)


def test_below_a_quarter_even_what_was_done_gives_no_points():
    expected = (Result.NOT_APPLICABLE, scoring.EXPOSURE, 0)
    assert verdict(rule(), measure(50), window(absent=400)) == expected


def test_without_scheduled_hours_the_whole_is_asked():
    assert scoring.asked(rule(), window(scheduled=0)).threshold == 10


# --- new hires ---


@pytest.mark.parametrize(
    ("ramp", "absent", "asked"), [(50, 0, 5), (75, 0, 7), (100, 0, 10), (50, 240, 2), (75, 240, 3)]
)
def test_a_new_hires_thresholds_rise_by_steps(ramp, absent, asked):
    assert scoring.asked(rule(), window(ramp=ramp, absent=absent)).threshold == asked


def test_a_step_is_never_below_one():
    assert scoring.asked(rule(threshold=1), window(ramp=50)).threshold == 1


def test_a_steps_half_day_still_is_asked_though_the_product_is_small():
    assert scoring.line(rule(threshold=4), measure(1), window(ramp=50, absent=240)).result == Result.MET


# --- nothing to judge ---


@pytest.mark.parametrize(
    ("when_nothing", "expected"),
    [
        (WhenNothing.NOT_APPLICABLE, (Result.NOT_APPLICABLE, scoring.NO_ITEMS, 0)),
        (WhenNothing.MET, (Result.MET, "", 1)),
        (WhenNothing.MISSED, (Result.MISSED, "", -2)),
    ],
)
def test_with_nothing_to_judge_the_rule_says_what_holds(when_nothing, expected):
    one = rule("deals_without_task", 0, LE, when_nothing=when_nothing)
    assert verdict(one, measure(0, 0), window()) == expected


def test_with_something_to_judge_it_is_judged():
    one = rule("deals_without_task", 0, LE, when_nothing=WhenNothing.MISSED)
    assert verdict(one, measure(0, 1), window()) == (Result.MET, "", 1)
    assert verdict(one, measure(1, 0), window()) == (Result.MISSED, "", -2)


def test_doing_nothing_is_scored_where_work_is_asked():
    one = rule(when_nothing=WhenNothing.NOT_APPLICABLE)
    assert verdict(one, measure(0, 0), window()) == (Result.MISSED, "", -2)


# --- outages ---


@pytest.mark.parametrize(
    ("metric", "out", "excused"),
    [
        ("conversations", {"telephony"}, True), ("conversations", {"mail"}, False), ("conversations", {"everything"}, True),
        ("meetings_held", {"telephony"}, False), ("meetings_held", {"everything"}, True), ("conversations", set(), False),
    ],
)  # fmt: skip
def test_an_outage_excuses_only_what_lives_from_its_source(metric, out, excused):
    found = verdict(rule(metric), measure(1), window(out=frozenset(out)))
    assert found == ((Result.NOT_APPLICABLE, scoring.OUTAGE, 0) if excused else (Result.MISSED, "", -2))


def test_what_was_reached_in_spite_of_an_outage_counts():
    assert verdict(rule(), measure(10), window(out=frozenset({"telephony"}))) == (Result.MET, "", 1)


# --- plans ---


def test_without_a_personal_plan_a_rule_by_plan_does_not_apply():
    line = scoring.line(rule(), measure(50), window(), scoring.Asked(threshold=None))
    assert (line.result, line.reason, line.points, line.threshold) == (Result.NOT_APPLICABLE, scoring.NO_PLAN, 0, 0)


def test_the_part_of_a_plan_stands_in_for_the_threshold():
    assert scoring.asked(rule("sum_won", 1), window(absent=240), base=Decimal("7000.50")).threshold == 3500


# --- posting ---


@pytest.mark.parametrize(("mode", "posted"), [(Mode.OFF, 0), (Mode.TRIAL, 0), (Mode.SOFT, 3), (Mode.LIVE, -1)])
def test_what_reaches_the_ledger_depends_on_the_mode(mode, posted):
    assert scoring.posted([1, -2, 2, -2, 0], mode) == posted
    assert scoring.posted([1, -2, 2, -2, 0], mode, signed=False) == 0


# --- the hash of the inputs ---


def test_whatever_a_card_follows_from_changes_its_hash():
    base, one = window(), rule()
    figures = {"conversations": measure(10)}

    def hashed(
        of: Window = base, found: Measure = figures["conversations"], version: int = 1, signed: bool = True
    ) -> str:
        lines = [scoring.line(one, found, of)]
        return scoring.fingerprint(of, {"conversations": found}, lines, version=version, signed=signed)

    others = [
        hashed(replace(base, absent=1)), hashed(replace(base, ramp=50)), hashed(replace(base, out=frozenset({"mail"}))),
        hashed(replace(base, mode=Mode.SOFT)), hashed(replace(base, cut_off=datetime(2026, 10, 20, 15, tzinfo=UTC))),
        hashed(found=measure(11)), hashed(version=2), hashed(signed=False),
    ]  # fmt: skip
    assert len({hashed(), *others}) == len(others) + 1
    assert hashed() == hashed()
