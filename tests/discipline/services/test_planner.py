from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discipline import tasks
from discipline.models import Scorecard, TeamDay
from discipline.services import days, planner
from tests.factories.discipline import make_assignment, make_policy, make_scheme

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 19)


@pytest.fixture
def since_monday(clock, cast):
    """The cast's team is scored since Monday 2026-10-19."""
    make_policy(cast.team, cast.admin, on=MONDAY)
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin, on=MONDAY)


def test_a_day_is_due_half_an_hour_after_the_cut_off(since_monday, clock, cast):
    assert planner.missing(now=clock.set("2026-10-19 18:29:59")) == []
    assert planner.missing(now=clock.set("2026-10-19 18:30")) == [(cast.team.pk, MONDAY)]


def test_what_was_missed_in_an_outage_is_made_up_for_the_oldest_first(since_monday, clock, cast):
    closed = planner.run(now=clock.set("2026-10-28 09:00"))
    assert [one.day for one in closed] == [MONDAY + timedelta(days=n) for n in range(9)]
    assert Scorecard.objects.count() == 7, "seven working days, the weekend has no cards"
    assert planner.missing(now=clock.now) == []


def test_free_days_are_done_too_so_that_nobody_looks_at_them_again(since_monday, clock, cast):
    planner.run(now=clock.set("2026-10-26 09:00"))
    assert list(TeamDay.objects.filter(cards=0).order_by("day").values_list("day", flat=True)) == [
        date(2026, 10, 24),
        date(2026, 10, 25),
    ]


def test_somebody_whose_shift_ended_early_is_due_before_his_team(clock, cast):
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin, on=MONDAY)
    make_assignment(cast.manager, cast.team, scheme, cast.admin, on=MONDAY, shift_end=time(15))
    make_assignment(cast.teammate, cast.team, scheme, cast.admin, on=MONDAY)
    planner.run(now=clock.set("2026-10-19 15:30"))
    assert list(Scorecard.objects.values_list("user", flat=True)) == [cast.manager.pk]
    assert planner.missing(now=clock.set("2026-10-19 18:00")) == []
    planner.run(now=clock.set("2026-10-19 18:30"))
    assert Scorecard.objects.count() == 2


def test_each_team_is_due_by_its_own_clock(clock, cast):
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin, on=MONDAY, zone="Asia/Tokyo")
    make_policy(cast.other_team, cast.admin, on=MONDAY, zone="America/New_York")
    make_assignment(cast.manager, cast.team, scheme, cast.admin, on=MONDAY)
    make_assignment(cast.stranger, cast.other_team, scheme, cast.admin, on=MONDAY)
    assert planner.missing(now=clock.set("2026-10-19 09:30", "UTC")) == [(cast.team.pk, MONDAY)]
    assert (cast.other_team.pk, MONDAY) in planner.missing(now=clock.set("2026-10-19 22:30", "UTC"))


def test_a_team_without_people_or_policy_has_nothing_due(clock, cast):
    make_policy(cast.team, cast.admin, on=MONDAY)
    make_assignment(cast.stranger, cast.other_team, make_scheme(cast.admin), cast.admin, on=MONDAY)
    assert planner.missing(now=clock.set("2026-10-28 09:00")) == []


def test_a_day_that_writers_hold_up_is_left_for_the_next_run(since_monday, clock, cast, monkeypatch):
    waited = []

    def busy() -> None:
        waited.append(True)
        raise days.WritersBusy

    with monkeypatch.context() as patched:
        patched.setattr(days, "wait_for_writers", busy)
        assert planner.run(now=clock.set("2026-10-20 18:30")) == []
    assert len(waited) == 1, "nobody is held up again for the second day"
    assert [one.cards for one in planner.run(now=clock.set("2026-10-20 18:40"))] == [1, 1]


def test_a_team_that_fails_does_not_keep_the_others_from_closing(scored, clock, cast, monkeypatch):
    real = days._close

    def broken(team_ids, its_days, at):
        if cast.team.pk in team_ids:
            raise ZeroDivisionError
        return real(team_ids, its_days, at)

    monkeypatch.setattr(days, "_close", broken)
    with pytest.raises(ZeroDivisionError):
        planner.run(now=clock.set("2026-10-20 18:30"), since=date(2026, 10, 20))
    assert list(Scorecard.objects.values_list("user", flat=True)) == [cast.stranger.pk]


def test_many_days_are_made_up_for_with_the_statements_of_one(since_monday, clock, cast):
    def count(until: date) -> int:
        with CaptureQueriesContext(connection) as captured:
            planner.run(now=clock.now, until=until)
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    clock.set("2026-11-30 09:00")
    assert count(MONDAY) == count(MONDAY + timedelta(days=14))
    assert Scorecard.objects.count() == 11


def test_the_timetable_closes_what_is_due_in_a_task_of_its_own(since_monday, clock, cast, monkeypatch):
    asked: list[bool] = []
    clock.set("2026-10-19 18:30")
    monkeypatch.setattr(tasks.timezone, "now", lambda: clock.now)
    monkeypatch.setattr(tasks.close_days, "delay", lambda: asked.append(True))
    tasks.plan_days()
    assert asked == [True]
    tasks.close_days()
    tasks.close_days()
    assert Scorecard.objects.count() == 1
    tasks.plan_days()
    assert asked == [True], "nothing is due any more"
