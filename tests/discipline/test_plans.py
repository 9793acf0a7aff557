"""Which part of a personal plan falls on a week."""

from datetime import date
from decimal import Decimal

import pytest

from discipline.models import CalendarDay, DayKind, Plan
from discipline.plans import PlanBook
from discipline.timetable import Timetable
from tests.factories.discipline import window_of

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = "2026-10-23", date(2026, 10, 19)


@pytest.fixture
def plan(clock, scored, cast):
    """A plan recorded at a time, by default long before."""

    def make(target, first="2026-10-01", last="2026-10-31", at="2026-09-15 09:00", **facts) -> Plan:
        clock.set(at)
        facts = {"user": cast.manager, "metric": "deals_won", **facts}
        return Plan.objects.create(
            first=date.fromisoformat(first), last=date.fromisoformat(last), target=target, set_by=cast.head, **facts
        )

    return make


@pytest.fixture
def share(cast):
    def ask(figure: str = "deals_won", day: str = FRIDAY, first: date = MONDAY) -> Decimal | None:
        window = window_of(cast.manager, day)
        timetable = Timetable.of_people([cast.manager.pk], until=window.day)
        return PlanBook.of([window], timetable).share(window, figure, first)

    return ask


def test_a_weeks_share_is_by_its_workdays_among_those_of_the_plan(plan, share):
    plan(22)  # October 2026 has 22 workdays
    assert share() == 5


def test_a_share_is_exact_to_the_cent(plan, share):
    plan(60_000)
    assert share() == Decimal("13636.36")


def test_days_of_the_week_outside_the_plan_ask_for_nothing(plan, share):
    plan(8, "2026-10-21", "2026-10-30")
    assert share() == 3


def test_plans_that_meet_in_a_week_add_up(plan, share):
    plan(4, "2026-10-19", "2026-10-20")
    plan(9, "2026-10-21", "2026-10-23")
    assert share() == 13


def test_of_plans_for_one_stretch_the_last_recorded_holds(plan, share):
    plan(22)
    plan(44, at="2026-09-20 09:00")
    assert share() == 10


@pytest.mark.parametrize(("at", "part"), [("2026-10-22 18:00:00", 10), ("2026-10-22 18:00:00.000001", 5)])
def test_a_plan_holds_in_windows_that_opened_after_it_was_recorded(plan, share, at, part):
    plan(22)
    plan(44, at=at)
    assert share() == part


def test_without_a_plan_there_is_none(plan, share, cast):
    assert share() is None
    plan(22, user=cast.teammate)
    plan(22, metric="sum_won")
    plan(22, "2026-11-01", "2026-11-30")
    assert share() is None


def test_a_plan_for_some_deals_is_another_figure(plan, share):
    plan(22, parameters={"pipeline": 7})
    assert share() is None
    assert share('deals_won{"pipeline":7}') == 5


def test_a_holiday_is_no_workday_of_plan_or_week(plan, share, cast):
    CalendarDay.objects.create(calendar="", day=date(2026, 10, 21), kind=DayKind.HOLIDAY, approved_by=cast.admin)
    plan(21)
    assert share() == 4


def test_a_plan_over_free_days_only_asks_for_nothing(plan, share):
    plan(5, "2026-10-24", "2026-10-25")
    assert share(day="2026-10-26", first=date(2026, 10, 24)) == 0
