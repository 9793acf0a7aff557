from datetime import date, timedelta

import pytest

from accounts.refusals import NotAllowed
from discipline.models import ClosingAttempt, Scorecard, TeamDay
from discipline.services import attempts, days, planner
from notifications.models import Message
from tests.factories.discipline import make_assignment, make_policy, make_scheme

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 19)


@pytest.fixture
def since_monday(clock, cast):
    """The cast's two teams are scored since Monday 2026-10-19, one person each."""
    scheme = make_scheme(cast.admin)
    for team, person in ((cast.team, cast.manager), (cast.other_team, cast.stranger)):
        make_policy(team, cast.admin, on=MONDAY)
        make_assignment(person, team, scheme, cast.admin, on=MONDAY)


@pytest.fixture
def broken(monkeypatch, cast):
    """Closing fails for the cast's team while `broken` has its key, and for nobody else."""
    teams = {cast.team.pk}
    works = days._close

    def close(team_ids, its_days, at):
        if teams & set(team_ids):
            raise RuntimeError("a poisoned row")
        return works(team_ids, its_days, at)

    monkeypatch.setattr(days, "_close", close)
    return teams


def fail(now) -> None:
    with pytest.raises(RuntimeError):
        planner.run(now=now)


def test_a_day_that_closes_leaves_no_attempt(since_monday, clock):
    planner.run(now=clock.set("2026-10-19 18:30"))
    assert TeamDay.objects.count() == 2
    assert not ClosingAttempt.objects.exists()


def test_a_failing_team_does_not_keep_the_others_from_closing_and_is_counted(since_monday, clock, cast, broken):
    fail(clock.set("2026-10-19 18:30"))
    assert list(Scorecard.objects.values_list("team", flat=True)) == [cast.other_team.pk]
    tried = ClosingAttempt.objects.get()
    assert (tried.team_id, tried.day, tried.attempts, tried.error) == (
        cast.team.pk, MONDAY, 1, "RuntimeError: a poisoned row",
    )  # fmt: skip


def test_after_three_attempts_a_day_is_dead_and_coordinator_and_owner_are_told_once(since_monday, clock, cast, broken):
    for minute in (30, 40, 50):
        fail(clock.set(f"2026-10-19 18:{minute}"))
    assert planner.run(now=clock.set("2026-10-19 19:00")) == [], "the fourth run leaves it alone"
    planner.run(now=clock.set("2026-10-19 19:10"))
    assert ClosingAttempt.objects.get().dead_at is not None
    told = Message.objects.filter(kind="day_dead").values_list("recipient", flat=True)
    assert sorted(told) == sorted([cast.admin.pk, cast.owner.pk])


def test_a_dead_day_does_not_hold_up_the_days_after_it(since_monday, clock, cast, broken):
    for minute in (30, 40, 50):
        fail(clock.set(f"2026-10-19 18:{minute}"))
    planner.run(now=clock.set("2026-10-19 19:00"))
    broken.clear()
    planner.run(now=clock.set("2026-10-20 18:30"))
    assert list(TeamDay.objects.filter(team=cast.team).values_list("day", flat=True)) == [MONDAY + timedelta(days=1)]


def test_asked_to_try_again_the_next_run_closes_it(since_monday, clock, cast, broken):
    for minute in (30, 40, 50):
        fail(clock.set(f"2026-10-19 18:{minute}"))
    planner.run(now=clock.set("2026-10-19 19:00"))
    broken.clear()
    with pytest.raises(NotAllowed):
        attempts.retry(team=cast.team, day=MONDAY, by=cast.owner)
    attempts.retry(team=cast.team, day=MONDAY, by=cast.admin)
    planner.run(now=clock.set("2026-10-19 19:10"))
    assert TeamDay.objects.filter(team=cast.team, day=MONDAY).exists()
    assert not ClosingAttempt.objects.exists()


def test_waiting_for_a_writer_is_no_attempt(since_monday, clock, monkeypatch):
    def busy() -> None:
        raise days.WritersBusy

    monkeypatch.setattr(days, "wait_for_writers", busy)
    assert planner.run(now=clock.set("2026-10-19 18:30")) == []
    assert not ClosingAttempt.objects.exists()


def test_one_poisoned_day_among_many_dies_alone(since_monday, clock, cast, monkeypatch):
    works, poisoned = days._close, MONDAY + timedelta(days=2)

    def close(team_ids, its_days, at):
        if cast.team.pk in team_ids and poisoned in its_days:
            raise RuntimeError("a poisoned row")
        return works(team_ids, its_days, at)

    monkeypatch.setattr(days, "_close", close)
    for hour in (9, 10, 11, 12, 13):
        try:
            planner.run(now=clock.set(f"2026-10-24 {hour:02}:00"))
        except RuntimeError:
            continue
    assert list(ClosingAttempt.objects.filter(dead_at__isnull=False).values_list("day", flat=True)) == [poisoned]
    closed = TeamDay.objects.filter(team=cast.team).order_by("day").values_list("day", flat=True)
    assert list(closed) == [MONDAY + timedelta(days=n) for n in (0, 1, 3, 4)]
