"""Priorities of a day: three at most, one's own, and nothing about them forgotten."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.refusals import NotAllowed
from crm.models import Task
from discipline.models import Priority
from discipline.services import priorities
from tests.factories.crm import make_task

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 20)


@pytest.fixture
def put(clock, cast):
    def one(task: Task | None = None, by=None, day: date = TODAY) -> Priority:
        by = by or cast.manager
        task = task or make_task(by, clock.now + timedelta(hours=3))
        return priorities.put(task=task, day=day, by=by, at=clock.now)

    return one


def test_tasks_take_the_places_in_turn_and_a_fourth_finds_none(put, cast):
    assert [put().place for _ in range(3)] == [1, 2, 3]
    with pytest.raises(priorities.NoPlaceLeft):
        put()
    assert Priority.objects.of(cast.manager, TODAY).count() == 3


def test_the_place_of_one_taken_away_is_free_again_and_its_row_stays(put, clock, cast):
    first = put()
    put()
    clock.set("2026-10-20 12:00")
    priorities.drop(priority=first, by=cast.manager, at=clock.now)
    again = put(first.task)
    first.refresh_from_db()
    assert (first.dropped, first.dropped_at, again.place) == (True, clock.now, 1)


def test_choosing_and_taking_away_twice_changes_nothing(put, clock, cast):
    one = put()
    assert put(one.task) == one
    priorities.drop(priority=one, by=cast.manager, at=clock.now)
    was = Priority.objects.get().dropped_at
    clock.set("2026-10-20 12:00")
    priorities.drop(priority=one, by=cast.manager, at=clock.now)
    assert Priority.objects.get().dropped_at == was


@pytest.mark.parametrize("changes", [{"status": "done"}, {"status": "dropped"}])
def test_a_closed_task_is_no_priority(put, clock, cast, changes):
    task = make_task(cast.manager, clock.now)
    Task.objects.filter(pk=task.pk).update(**changes)
    with pytest.raises(priorities.NotOpen):
        put(task)


def test_only_tasks_of_ones_own_that_are_there(put, clock, cast):
    foreign, gone = make_task(cast.teammate, clock.now), make_task(cast.manager, clock.now, deleted_at=clock.now)
    for task in (foreign, gone):
        with pytest.raises(NotAllowed):
            put(task)
    with pytest.raises(NotAllowed):
        put(make_task(cast.manager, clock.now), by=cast.head)
    with pytest.raises(NotAllowed):
        put(make_task(cast.manager, clock.now), by=cast.owner)
    assert not Priority.objects.exists()


def test_nobody_takes_away_anothers(put, clock, cast):
    one = put()
    with pytest.raises(NotAllowed):
        priorities.drop(priority=one, by=cast.head, at=clock.now)
    assert Priority.objects.of(cast.manager, TODAY).count() == 1


def test_a_day_that_is_over_has_its_priorities(put):
    with pytest.raises(priorities.DayGone):
        put(day=date(2026, 10, 19))
    assert put(day=date(2026, 10, 21)).day == date(2026, 10, 21)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM discipline_priority",
        "UPDATE discipline_priority SET day = '2026-10-21'",
        "UPDATE discipline_priority SET place = 2",
    ],
)
def test_the_database_keeps_what_was_chosen(put, sql):
    put()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_stamp_is_the_databases(put, clock, cast):
    one = put()
    Priority.objects.filter(pk=one.pk).update(recorded_at=clock.now - timedelta(hours=5))
    one.refresh_from_db()
    assert one.recorded_at == clock.now
