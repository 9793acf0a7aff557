"""Renewals: won by their day, or missed when it is over."""

from datetime import date

import pytest

from crm.models import Deal
from discipline.metrics import BadParameter
from tests.factories.crm import make_deal, make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def renewal(clock, cast, renewals):
    """A deal of the pipeline expected to close on a day."""

    def make(expected: str | None, owner=None, **fields) -> Deal:
        clock.set("2026-10-12 09:00")
        day = date.fromisoformat(expected) if expected else None
        stage = make_stage(pipeline=renewals)
        return make_deal(owner or cast.manager, stage=stage, expected_close=day, **fields)

    return make


@pytest.fixture
def change(clock, cast):
    def do(at: str, deal: Deal, **fields):
        clock.set(at)
        fields.setdefault("changed_by", cast.manager)
        Deal.objects.filter(pk=deal.pk).update(**fields)

    return do


@pytest.fixture
def missed(told, cast, renewals):
    def ask(day: str, who=None):
        return [pk for pk, _reason in told("renewals_missed", who or cast.manager, day, pipeline=renewals.pk)]

    return ask


@pytest.mark.parametrize("metric", ["renewals_in_time", "renewals_missed"])
def test_the_pipeline_must_be_named(asked, cast, metric):
    with pytest.raises(BadParameter) as refused:
        asked(metric, cast.manager)
    assert refused.value.field == "pipeline"


@pytest.mark.parametrize(
    ("expected", "reason"), [("2026-10-21", ""), ("2026-10-20", ""), ("2026-10-19", "after_date"), (None, "no_date")]
)
def test_a_renewal_won_by_its_day_is_in_time(renewal, change, told, cast, renewals, expected, reason):
    deal = renewal(expected)
    change("2026-10-20 12:00", deal, status="won")
    assert told("renewals_in_time", cast.manager, pipeline=renewals.pk) == [(deal.pk, reason)]


def test_the_day_ends_at_local_midnight(renewal, change, told, cast, renewals):
    last, late = renewal("2026-10-20"), renewal("2026-10-20")
    change("2026-10-20 23:59:59", last, status="won")
    change("2026-10-21 00:00:00", late, status="won")
    found = told("renewals_in_time", cast.manager, "2026-10-21", pipeline=renewals.pk)
    assert found == [(last.pk, ""), (late.pk, "after_date")]


def test_a_date_moved_with_the_win_does_not_make_it_timely(renewal, change, told, cast, renewals):
    deal = renewal("2026-10-16")
    change("2026-10-20 12:00", deal, status="won", expected_close=date(2026, 10, 30))
    assert told("renewals_in_time", cast.manager, pipeline=renewals.pk) == [(deal.pk, "after_date")]


def test_wins_of_other_pipelines_are_no_renewals_and_reopened_ones_do_not_count(
    renewal, change, told, asked, cast, renewals
):
    other, back = make_deal(cast.manager, expected_close=date(2026, 10, 30)), renewal("2026-10-30")
    for deal in (other, back):
        change("2026-10-20 12:00", deal, status="won")
    change("2026-10-20 13:00", back, status="open")
    assert told("renewals_in_time", cast.manager, pipeline=renewals.pk) == [(back.pk, "reopened")]


def test_an_open_renewal_whose_day_is_over_is_missed_once(renewal, missed):
    deal = renewal("2026-10-19")
    assert [missed(f"2026-10-{day}") for day in (19, 20, 21)] == [[], [deal.pk], []]


def test_the_weekend_belongs_to_monday(renewal, missed):
    friday, sunday = renewal("2026-10-16"), renewal("2026-10-18")
    assert missed("2026-10-16") == []
    assert missed("2026-10-19") == [friday.pk, sunday.pk]


def test_won_or_moved_in_time_is_not_missed_and_moved_too_late_is(renewal, change, missed):
    won, moved, late = renewal("2026-10-19"), renewal("2026-10-19"), renewal("2026-10-19")
    change("2026-10-19 23:00", won, status="won")
    change("2026-10-19 23:30", moved, expected_close=date(2026, 10, 30))
    change("2026-10-20 09:00", late, expected_close=date(2026, 10, 30))
    assert missed("2026-10-20") == [late.pk]


def test_one_won_late_but_by_the_cut_off_is_not_missed(renewal, change, missed):
    deal = renewal("2026-10-19")
    change("2026-10-20 18:00", deal, status="won")
    assert missed("2026-10-20") == []


def test_giving_a_lapsed_renewal_away_leaves_it_with_who_let_it_lapse(renewal, change, missed, cast):
    deal = renewal("2026-10-19")
    change("2026-10-20 09:00", deal, owner=cast.teammate)
    assert (missed("2026-10-20"), missed("2026-10-20", cast.teammate)) == ([deal.pk], [])


def test_one_given_before_it_lapsed_is_the_new_owners(renewal, change, missed, cast):
    deal = renewal("2026-10-19")
    change("2026-10-19 21:00", deal, owner=cast.teammate)
    assert (missed("2026-10-20"), missed("2026-10-20", cast.teammate)) == ([], [deal.pk])


def test_an_edit_after_the_lapse_does_not_charge_it_again(renewal, change, missed):
    deal = renewal("2026-10-19")
    change("2026-10-21 09:00", deal, title="Other words")
    assert [missed(f"2026-10-{day}") for day in (20, 21)] == [[deal.pk], []]


def test_without_renewals_there_is_nothing_to_judge(renewal, asked, cast, renewals):
    assert asked("renewals_missed", cast.manager, pipeline=renewals.pk)[:2] == (0, 0)
    renewal("2026-12-01")
    assert asked("renewals_missed", cast.manager, pipeline=renewals.pk)[:2] == (0, 1)
