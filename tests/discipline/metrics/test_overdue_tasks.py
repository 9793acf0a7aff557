import pytest

from crm.models import Task
from tests.factories.crm import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(clock, cast):
    """A task set on Monday morning; due in Warsaw's time."""

    def make(due: str, owner=None, set_at: str = "2026-10-19 08:00"):
        due_at = clock.set(due)
        clock.set(set_at)
        return make_task(owner or cast.manager, due_at)

    return make


@pytest.fixture
def change(clock):
    def do(at: str, task: Task, **fields):
        if "due" in fields:
            fields["due_at"] = clock.set(fields.pop("due"))
        clock.set(at)
        Task.objects.filter(pk=task.pk).update(**fields)

    return do


def test_a_task_open_past_its_due_date_at_the_cut_off_is_overdue(task, figure, cast):
    task("2026-10-20 15:00")
    assert figure("overdue_tasks", cast.manager)[:2] == (1, 1)


@pytest.mark.parametrize(("due", "overdue"), [("18:00:00", 0), ("17:59:59.999999", 1)])
def test_due_exactly_at_the_cut_off_is_not_overdue(task, figure, cast, due, overdue):
    task(f"2026-10-20 {due}")
    assert figure("overdue_tasks", cast.manager).value == overdue


@pytest.mark.parametrize(("done", "overdue"), [("18:00:00", 0), ("18:00:00.000001", 1)])
def test_done_by_the_cut_off_is_not_overdue(task, change, figure, cast, done, overdue):
    made = task("2026-10-20 15:00")
    change(f"2026-10-20 {done}", made, status="done")
    assert figure("overdue_tasks", cast.manager).value == overdue


def test_moving_a_lapsed_date_does_not_clear_it_that_day_but_the_next(task, change, figure, cast):
    made = task("2026-10-20 15:00")
    change("2026-10-20 15:30", made, due="2026-10-22 15:00")
    assert [figure("overdue_tasks", cast.manager, f"2026-10-{day}").value for day in (20, 21, 22)] == [1, 0, 1]


def test_moving_a_date_in_time_is_no_breach(task, change, figure, cast):
    made = task("2026-10-20 15:00")
    change("2026-10-20 15:00", made, due="2026-10-22 15:00")
    assert figure("overdue_tasks", cast.manager).value == 0


def test_a_date_moved_into_the_past_is_a_breach_from_then_on(task, change, figure, cast):
    made = task("2026-10-22 15:00")
    change("2026-10-20 12:00", made, due="2026-10-20 09:00")
    assert figure("overdue_tasks", cast.manager).value == 1


def test_what_lapsed_in_the_evening_counts_the_next_day_until_it_is_moved(task, change, figure, cast):
    made = task("2026-10-19 20:00")
    change("2026-10-20 09:00", made, due="2026-10-23 12:00")
    assert figure("overdue_tasks", cast.manager).value == 1


def test_giving_a_lapsed_task_away_leaves_the_breach_with_who_let_it_lapse(task, change, figure, cast):
    made = task("2026-10-20 15:00")
    change("2026-10-20 16:00", made, owner=cast.teammate)
    assert (figure("overdue_tasks", cast.manager).value, figure("overdue_tasks", cast.teammate).value) == (1, 0)


def test_the_next_day_the_new_owner_answers_for_it(task, change, figure, cast):
    made = task("2026-10-20 15:00")
    change("2026-10-20 16:00", made, owner=cast.teammate)
    assert figure("overdue_tasks", cast.manager, "2026-10-21").value == 0
    assert figure("overdue_tasks", cast.teammate, "2026-10-21").value == 1


def test_a_task_given_in_time_that_lapses_with_the_new_owner_is_his(task, change, figure, cast):
    made = task("2026-10-20 15:00")
    change("2026-10-20 12:00", made, owner=cast.teammate)
    assert (figure("overdue_tasks", cast.manager).value, figure("overdue_tasks", cast.teammate).value) == (0, 1)


def test_overdue_since_before_the_window_it_is_charged_to_the_owner_at_its_start(task, change, figure, cast):
    made = task("2026-10-16 15:00", set_at="2026-10-15 08:00")
    change("2026-10-20 09:00", made, owner=cast.teammate)
    assert (figure("overdue_tasks", cast.manager).value, figure("overdue_tasks", cast.teammate).value) == (1, 0)


def test_given_to_and_fro_it_is_charged_once(task, change, figure, cast):
    made = task("2026-10-20 10:00")
    change("2026-10-20 11:00", made, owner=cast.teammate)
    change("2026-10-20 12:00", made, owner=cast.manager)
    assert (figure("overdue_tasks", cast.manager).value, figure("overdue_tasks", cast.teammate).value) == (1, 0)


def test_one_given_away_lapsed_and_done_by_the_other_is_nobodys(task, change, figure, cast):
    made = task("2026-10-20 10:00")
    change("2026-10-20 11:00", made, owner=cast.teammate)
    change("2026-10-20 12:00", made, status="done")
    assert (figure("overdue_tasks", cast.manager).value, figure("overdue_tasks", cast.teammate).value) == (0, 0)


def test_done_and_opened_again_within_the_window_it_still_was_overdue(task, change, figure, cast):
    made = task("2026-10-20 10:00")
    change("2026-10-20 11:00", made, status="done")
    change("2026-10-20 12:00", made, status="open", due="2026-10-25 10:00")
    assert figure("overdue_tasks", cast.manager).value == 1


def test_a_deleted_task_is_not_overdue(task, change, figure, clock, cast):
    made = task("2026-10-20 10:00")
    clock.set("2026-10-20 11:00")
    Task.objects.filter(pk=made.pk).update(deleted_at=clock.now)
    assert figure("overdue_tasks", cast.manager)[:2] == (0, 0)


def test_without_any_task_there_is_nothing_to_judge(figure, cast):
    assert figure("overdue_tasks", cast.manager)[:2] == (0, 0)


def test_what_lapsed_on_friday_evening_counts_on_monday(task, figure, cast):
    task("2026-10-17 12:00", set_at="2026-10-16 08:00")
    assert figure("overdue_tasks", cast.manager, "2026-10-16").value == 0
    assert figure("overdue_tasks", cast.manager, "2026-10-19").value == 1
