"""Priorities chosen early and done by the cut-off."""

from dataclasses import replace
from datetime import date

import pytest

from crm.models import Task
from discipline.metrics import METRICS, measure
from discipline.services import priorities
from tests.factories.crm import make_task
from tests.factories.discipline import window_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chosen(clock, cast):
    """A priority of a day, chosen at a time."""

    def make(at: str = "2026-10-20 10:00", day: str = "2026-10-20") -> Task:
        clock.set("2026-10-19 09:00")
        task = make_task(cast.manager, clock.now)
        clock.set(at)
        priorities.put(task=task, day=date.fromisoformat(day), by=cast.manager, at=clock.now)
        return task

    return make


@pytest.fixture
def change(clock):
    def do(task: Task, at: str, **fields) -> None:
        clock.set(at)
        Task.objects.filter(pk=task.pk).update(**fields)

    return do


def test_what_was_chosen_and_done_counts(chosen, change, asked, told, cast):
    done, left = chosen(), chosen()
    change(done, "2026-10-20 18:00", status="done")
    assert told("priorities_done", cast.manager) == [(done.pk, ""), (left.pk, "not_done")]
    assert asked("priorities_done", cast.manager)[:2] == (1, 2)


@pytest.mark.parametrize(("at", "reason"), [("11:00:00", ""), ("11:00:00.000001", "chosen_late")])
def test_a_choice_is_early_until_eleven(chosen, change, told, cast, at, reason):
    task = chosen(f"2026-10-20 {at}")
    change(task, "2026-10-20 15:00", status="done")
    assert told("priorities_done", cast.manager) == [(task.pk, reason)]


@pytest.mark.parametrize(("hour", "reason"), [(9, "chosen_late"), (10, ""), (14, "")])
def test_the_hour_is_the_companys_own(chosen, change, told, cast, hour, reason):
    task = chosen("2026-10-20 10:00")
    change(task, "2026-10-20 15:00", status="done")
    assert told("priorities_done", cast.manager, by_hour=hour) == [(task.pk, reason)]


def test_the_evening_before_is_early_enough(chosen, change, told, cast):
    task = chosen("2026-10-19 20:00")
    change(task, "2026-10-20 09:00", status="done")
    assert told("priorities_done", cast.manager) == [(task.pk, "")]
    assert told("priorities_done", cast.manager, "2026-10-19") == []


def test_done_after_the_cut_off_dropped_or_given_away_is_not_done(chosen, change, told, cast):
    late, dropped, given = chosen(), chosen(), chosen()
    change(dropped, "2026-10-20 12:00", status="dropped")
    change(given, "2026-10-20 12:00", owner=cast.teammate, status="done")
    change(late, "2026-10-20 18:00:00.000001", status="done")
    reasons = {late.pk: "not_done", dropped.pk: "not_done", given.pk: "given_away"}
    assert dict(told("priorities_done", cast.manager)) == reasons


def test_taken_away_by_the_cut_off_it_is_none_and_later_it_still_is(chosen, change, told, clock, cast):
    early, late = chosen(), chosen()
    for task in (early, late):
        change(task, "2026-10-20 12:00", status="done")
    for task, at in ((early, "17:00"), (late, "18:30")):
        clock.set(f"2026-10-20 {at}")
        priorities.drop(priority=task.priorities.get(), by=cast.manager, at=clock.now)
    assert told("priorities_done", cast.manager) == [(late.pk, "")]


def test_a_week_sums_its_days(chosen, change, cast, scored):
    for day in (20, 21):
        task = chosen(f"2026-10-{day} 09:00", f"2026-10-{day}")
        change(task, f"2026-10-{day} 15:00", status="done")
    week = replace(window_of(cast.manager, "2026-10-23"), opens=window_of(cast.manager, "2026-10-19").opens)
    assert measure([METRICS["priorities_done"]], [week])["priorities_done"][0].value == 2
