"""Tasks from others that were done with a third of the time to spare."""

import pytest

from crm.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(clock, cast):
    """A task of the manager, set by his head on Monday at 10:00."""

    def make(due: str, by=cast.head, set_at: str = "2026-10-19 10:00") -> Task:
        due_at = clock.set(due)
        clock.set(set_at)
        return Task.objects.create(title="T", owner=cast.manager, due_at=due_at, created_by=by, changed_by=by)

    return make


@pytest.fixture
def done(clock):
    def do(task: Task, at: str, **fields) -> None:
        clock.set(at)
        Task.objects.filter(pk=task.pk).update(**{"status": "done", **fields})

    return do


@pytest.mark.parametrize(
    ("at", "reason"), [("2026-10-20 17:59:59", ""), ("2026-10-20 18:00:00", ""), ("2026-10-20 18:00:01", "not_ahead")]
)
def test_thirty_two_of_forty_eight_hours_are_exactly_enough(task, done, told, cast, at, reason):
    made = task("2026-10-21 10:00")
    done(made, at)
    day = "2026-10-20" if not reason else "2026-10-21"
    assert told("tasks_ahead", cast.manager, day) == [(made.pk, reason)]


@pytest.mark.parametrize(("due", "reason"), [("2026-10-20 10:00", ""), ("2026-10-20 09:59:59", "short_notice")])
def test_less_than_a_day_is_too_short_a_notice(task, done, told, cast, due, reason):
    made = task(due)
    done(made, "2026-10-19 11:00")
    assert told("tasks_ahead", cast.manager, "2026-10-19") == [(made.pk, reason)]


def test_a_task_set_by_oneself_is_nothing_to_be_ahead_of(task, done, told, cast):
    done(task("2026-10-30 10:00", by=cast.manager), "2026-10-20 11:00")
    assert told("tasks_ahead", cast.manager) == []


def test_one_whose_date_was_ever_moved_does_not_count(task, done, told, clock, cast):
    made = task("2026-10-23 10:00")
    was, later = made.due_at, clock.set("2026-10-30 10:00")
    for at, due_at in (("12:00", later), ("13:00", was)):
        clock.set(f"2026-10-19 {at}")
        Task.objects.filter(pk=made.pk).update(due_at=due_at)
    done(made, "2026-10-20 11:00")
    assert told("tasks_ahead", cast.manager) == [(made.pk, "moved")]


def test_one_done_opened_and_done_again_counts_once(task, done, told, cast):
    made = task("2026-10-30 10:00")
    done(made, "2026-10-19 11:00")
    done(made, "2026-10-20 11:00", status="open")
    done(made, "2026-10-20 12:00")
    assert told("tasks_ahead", cast.manager, "2026-10-19") == [(made.pk, "")]
    assert told("tasks_ahead", cast.manager) == [(made.pk, "done_before")]


def test_dropped_deleted_or_reopened_by_the_cut_off_is_not_done(task, done, told, clock, cast):
    dropped, deleted, back = (task("2026-10-30 10:00") for _ in range(3))
    done(dropped, "2026-10-20 11:00", status="dropped")
    for made in (deleted, back):
        done(made, "2026-10-20 11:00")
    done(back, "2026-10-20 12:00", status="open")
    Task.objects.filter(pk=deleted.pk).update(deleted_at=clock.now)
    assert told("tasks_ahead", cast.manager) == []


def test_it_counts_for_whoever_had_it_when_it_was_done(task, done, told, clock, cast):
    made = task("2026-10-30 10:00")
    clock.set("2026-10-19 12:00")
    Task.objects.filter(pk=made.pk).update(owner=cast.teammate)
    done(made, "2026-10-20 11:00")
    assert (told("tasks_ahead", cast.manager), told("tasks_ahead", cast.teammate)) == ([], [(made.pk, "")])
