"""Whom an overdue task is charged to when it changes hands without blame, or lapses while its owner is away."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.models import CleanTransfer, Task
from crm.services import tasks
from discipline.models import Leave

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=WARSAW)


@pytest.fixture
def task(clock, cast):
    """A task set on Monday 12 October, due at a time or at the end of a day."""

    def make(due: str, owner=None) -> Task:
        clock.set("2026-10-12 08:00")
        moment: datetime | date = at(due) if " " in due else date.fromisoformat(due)
        return tasks.add(by=owner or cast.manager, at=clock.now, title="T", due=moment)

    return make


@pytest.fixture
def give(clock, cast):
    def do(task: Task, to, moment: str, *, clean: bool = False) -> None:
        clock.set(moment)
        tasks.give(task=task, to=to, by=cast.head, at=clock.now, clean=clean)

    return do


@pytest.fixture
def charged(figure, cast):
    """How many overdue tasks manager and teammate are charged with on a day."""

    def ask(day: str = "2026-10-20") -> tuple[int, int]:
        return tuple(int(figure("overdue_tasks", who, day).value) for who in (cast.manager, cast.teammate))

    return ask


@pytest.fixture
def away(clock, cast):
    """A whole leave of the manager, asked for and approved the week before."""

    def make(first: str, last: str) -> Leave:
        clock.set("2026-10-09 09:00")
        return Leave.objects.create(
            user=cast.manager, kind="vacation", from_at=at(f"{first} 00:00"), until_at=at(f"{last} 00:00"), status="approved",
            asked_by=cast.manager, decided_by=cast.head,
        )  # fmt: skip

    return make


# --- clean transfers ---


def test_given_away_cleanly_it_counts_for_nobody_that_day_and_for_the_new_owner_from_the_next(
    task, give, charged, cast
):
    given = task("2026-10-20 12:00")
    give(given, cast.teammate, "2026-10-20 13:00", clean=True)
    assert [charged(f"2026-10-{day}") for day in (20, 21)] == [(0, 0), (0, 1)]


def test_without_the_mark_it_stays_with_who_let_it_lapse(task, give, charged, cast):
    give(task("2026-10-20 12:00"), cast.teammate, "2026-10-20 13:00")
    assert charged() == (1, 0)


@pytest.mark.parametrize(
    ("moment", "tuesday", "wednesday"),
    [
        ("2026-10-19 18:00:00", (0, 1), (0, 1)),
        ("2026-10-19 18:00:00.000001", (0, 0), (0, 1)),
        ("2026-10-20 18:00:00", (0, 0), (0, 1)),
        ("2026-10-20 18:00:00.000001", (1, 0), (0, 0)),
    ],
)
def test_the_mark_belongs_to_the_window_in_which_it_was_made(task, give, charged, cast, moment, tuesday, wednesday):
    give(task("2026-10-15 12:00"), cast.teammate, moment, clean=True)
    assert [charged(f"2026-10-{day}") for day in (20, 21)] == [tuesday, wednesday]


def test_clean_before_it_lapses_it_is_nobodys_that_day_either(task, give, charged, cast):
    give(task("2026-10-20 15:00"), cast.teammate, "2026-10-20 13:00", clean=True)
    assert charged() == (0, 0)


def test_given_on_without_the_mark_the_same_day_it_still_counts_for_nobody(task, give, charged, cast):
    given = task("2026-10-20 12:00")
    give(given, cast.teammate, "2026-10-20 13:00", clean=True)
    give(given, cast.manager, "2026-10-20 14:00")
    assert [charged(f"2026-10-{day}") for day in (20, 21)] == [(0, 0), (1, 0)]


def test_marked_on_the_way_back_it_counts_for_nobody(task, give, charged, cast):
    given = task("2026-10-20 12:00")
    give(given, cast.teammate, "2026-10-20 13:00")
    give(given, cast.manager, "2026-10-20 14:00", clean=True)
    assert charged() == (0, 0)
    assert CleanTransfer.objects.count() == 1


def test_the_mark_of_one_task_frees_no_other(task, give, charged, cast):
    given, _kept = task("2026-10-20 12:00"), task("2026-10-20 12:00")
    give(given, cast.teammate, "2026-10-20 13:00", clean=True)
    assert charged() == (1, 0)


# --- leave ---


def test_what_lapsed_on_a_leave_day_is_exempt_on_the_day_of_return_and_counts_from_the_next(task, away, charged):
    away("2026-10-19", "2026-10-20")
    task("2026-10-19 12:00")
    assert [charged(f"2026-10-{day}")[0] for day in (20, 21)] == [0, 1]


@pytest.mark.parametrize(
    ("due", "overdue"),
    [
        ("2026-10-16 17:59", 1),  # before the cut-off of the day before
        ("2026-10-16 20:00", 1),  # in its evening
        ("2026-10-18 23:59", 1),  # on the weekend, which is no leave
        ("2026-10-19 00:00", 1),  # as the leave begins
        ("2026-10-19 00:01", 0),
        ("2026-10-19 23:59", 0),
        ("2026-10-20 00:00", 0),  # as it ends
        ("2026-10-20 00:01", 1),
        ("2026-10-18", 1),  # by the end of a day: of the day before the leave
        ("2026-10-19", 0),  # of the leave day itself
        ("2026-10-20", 0),  # of the day of return: not over yet
    ],
)
def test_to_the_minute_which_breach_belongs_to_the_leave(task, away, charged, due, overdue):
    away("2026-10-19", "2026-10-20")
    task(due)
    assert charged()[0] == overdue


def test_several_leave_days_and_the_weekend_between_them_are_exempt(task, away, charged):
    away("2026-10-15", "2026-10-20")
    for due in ("2026-10-15 12:00", "2026-10-17 12:00", "2026-10-19", "2026-10-16"):
        task(due)
    assert [charged(f"2026-10-{day}")[0] for day in (20, 21)] == [0, 4]


def test_what_was_overdue_before_the_leave_is_no_matter_of_it(task, away, charged):
    away("2026-10-19", "2026-10-20")
    task("2026-10-16 10:00")
    assert [charged(f"2026-10-{day}")[0] for day in (16, 20)] == [1, 1]


def test_half_a_day_of_leave_exempts_nothing(task, away, charged, clock, cast):
    clock.set("2026-10-09 09:00")
    Leave.objects.create(
        user=cast.manager, kind="vacation", from_at=at("2026-10-20 08:00"), until_at=at("2026-10-20 13:00"), status="approved",
        asked_by=cast.manager, decided_by=cast.head,
    )  # fmt: skip
    task("2026-10-20 12:00")
    assert charged()[0] == 1


def test_a_colleagues_leave_exempts_nobody_else(task, away, give, charged, cast):
    away("2026-10-19", "2026-10-20")
    given = task("2026-10-19 12:00")
    give(given, cast.teammate, "2026-10-19 11:00")
    assert charged() == (0, 1)


# --- a date without a time ---


def test_a_date_without_a_time_is_over_when_its_local_day_is(task, charged):
    task("2026-10-20")
    assert [charged(f"2026-10-{day}")[0] for day in (20, 21)] == [0, 1]


def test_given_away_it_is_over_when_the_day_is_where_the_new_owner_works(task, give, charged, cast, clock):
    cast.teammate.zone = "America/Mexico_City"
    cast.teammate.save()
    given = task("2026-10-19")
    give(given, cast.teammate, "2026-10-19 12:00")
    given.refresh_from_db()
    assert given.due_at == at("2026-10-20 08:00")
    assert charged() == (0, 1)


@pytest.mark.parametrize(("done", "overdue"), [("2026-10-20 00:00:00", 0), ("2026-10-20 09:00:00", 0)])
def test_done_before_the_cut_off_of_the_day_that_it_lapsed_in_it_is_no_matter(task, charged, clock, done, overdue):
    made = task("2026-10-19")
    clock.set(done)
    Task.objects.filter(pk=made.pk).update(status="done")
    assert charged()[0] == overdue


def test_the_day_of_a_clock_change_has_its_real_end(task, charged, clock):
    made = task("2026-10-25")
    assert made.due_at == at("2026-10-26 00:00")
    assert [charged(f"2026-10-{day}")[0] for day in (23, 26)] == [0, 1]
