"""Who works when: short days, leave, shifts, outages, new hires and weeks, each as known by the day's own horizon."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import when
from discipline.models import Mode
from discipline.services import calendars, leaves, outages, shifts
from discipline.timetable import Timetable
from tests.factories.discipline import make_assignment, make_policy, make_scheme, window_of
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
WARSAW = "Europe/Warsaw"
TUESDAY = date(2026, 10, 20)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    day, clock = text.split()
    return when.wall(date.fromisoformat(day), time.fromisoformat(clock), WARSAW)


def table(*people, first: str = "", until: str = "2026-11-30", **facts) -> Timetable:
    begin = date.fromisoformat(first) if first else None
    return Timetable.of_people([one.pk for one in people], until=date.fromisoformat(until), first=begin, **facts)


def free(user, day: str) -> bool:
    return table(user, first=day).window(user.pk, date.fromisoformat(day)) is None


@pytest.fixture
def away(scored, clock, cast):
    """A leave of the manager, entered by the head when the clock stands, by whole days or from wall time to wall time."""

    def enter(first: str, last: str = ""):
        if " " in first:
            from_at, until_at = local(first), local(last)
        else:
            from_at = local(f"{first} 00:00")
            until_at = when.end_of_day(date.fromisoformat(last or first), WARSAW)
        return leaves.record(
            user=cast.manager, kind="other", from_at=from_at, until_at=until_at, by=cast.head, at=clock.now
        )

    return enter


# --- short days ---


def test_a_short_day_ends_early_and_lasts_less(scored, cast):
    calendars.add_day(day=date(2026, 12, 24), kind="short", ends_at=time(13), by=cast.admin)
    window = window_of(cast.manager, "2026-12-24")
    assert (window.cut_off, window.scheduled) == (utc("2026-12-24 12:00"), 4 * 60)


def test_nobody_works_on_a_short_day_that_is_not_his_or_ends_before_he_begins(scored, cast):
    late = make_user("Lena Late", team=cast.team)
    make_assignment(late, cast.team, scored, cast.admin, shift_start=time(14))
    calendars.add_day(day=date(2026, 10, 24), kind="short", ends_at=time(13), by=cast.admin)
    calendars.add_day(day=date(2026, 10, 23), kind="short", ends_at=time(13), by=cast.admin)
    assert free(cast.manager, "2026-10-24")
    assert free(late, "2026-10-23")
    assert window_of(late, "2026-10-26").opens == utc("2026-10-22 16:00")


def test_a_holiday_added_or_removed_later_does_not_change_a_day_that_is_over(scored, clock, cast):
    calendars.add_day(day=date(2026, 10, 21), by=cast.admin)
    clock.set("2026-10-22 09:00")
    calendars.remove_day(day=date(2026, 10, 21), by=cast.admin)
    calendars.add_day(day=TUESDAY, by=cast.admin)
    assert free(cast.manager, "2026-10-21")
    assert not free(cast.manager, "2026-10-20")
    assert window_of(cast.manager, "2026-10-22").opens == utc("2026-10-20 16:00")


def test_the_workdays_of_a_stretch_are_those_known_at_a_moment(scored, clock, cast):
    before = clock.now
    clock.set("2026-10-21 09:00")
    calendars.add_day(day=date(2026, 10, 30), by=cast.admin)
    calendars.add_day(day=date(2026, 10, 31), kind="workday", by=cast.admin)
    calendars.add_day(day=date(2026, 12, 25), by=cast.admin)
    timetable = table(cast.manager, first="2026-10-20", until="2026-10-20")
    october = (date(2026, 10, 26), date(2026, 10, 30))
    assert timetable.workdays(cast.manager.pk, *october, known=before) == 5
    assert timetable.workdays(cast.manager.pk, *october) == 4
    assert timetable.workdays(cast.manager.pk, date(2026, 12, 21), date(2026, 12, 31)) == 8, (
        "also far behind the last day"
    )


# --- leave ---


def test_part_of_a_day_away_lowers_the_exposure(away, cast):
    away("2026-10-20 12:00", "2026-10-20 22:00")
    window = window_of(cast.manager, "2026-10-20")
    assert (window.scheduled, window.absent, window.exposure) == (540, 360, Fraction(1, 3))
    assert window.cut_off == utc("2026-10-20 16:00")


def test_two_parts_of_a_day_add_up(away, cast):
    away("2026-10-20 09:00", "2026-10-20 10:00")
    away("2026-10-20 17:00", "2026-10-20 18:00")
    assert window_of(cast.manager, "2026-10-20").absent == 120


def test_leave_of_whole_days_is_free_and_the_day_of_return_holds_it(away, cast):
    away("2026-10-21", "2026-10-25")
    for day in ("2026-10-21", "2026-10-22", "2026-10-23"):
        assert free(cast.manager, day)
    window = window_of(cast.manager, "2026-10-26")
    assert (window.opens, window.absent) == (utc("2026-10-20 16:00"), 0)
    assert [span[0] for span in window.away] == [utc(f"2026-10-{day} 22:00") for day in (20, 21, 22, 23, 24)]
    assert window.away[-1][1] == utc("2026-10-25 23:00"), "the day of the clock change has 25 hours"


def test_leave_approved_after_the_horizon_does_not_change_the_day(away, clock, cast):
    clock.set("2026-10-20 18:30")
    away("2026-10-20")
    assert free(cast.manager, "2026-10-20"), "at the horizon itself it is in time"


def test_leave_approved_a_moment_later_counts_only_for_who_looks_back(away, clock, cast):
    clock.set("2026-10-20 18:31")
    away("2026-10-20")
    assert not free(cast.manager, "2026-10-20")
    back = table(cast.manager, until="2026-10-20", knowing=utc("2026-10-22 10:00"))
    assert back.window(cast.manager.pk, TUESDAY) is None


def test_a_day_knows_leave_that_is_cancelled_only_later(away, clock, cast):
    leave = away("2026-10-20", "2026-10-21")
    leaves.cancel(leave=leave, by=cast.manager, at=clock.set("2026-10-20 19:00"))
    assert free(cast.manager, "2026-10-20")
    window = window_of(cast.manager, "2026-10-21")
    assert (window.opens, window.absent) == (utc("2026-10-19 16:00"), 0)
    assert [span[0] for span in window.away] == [utc("2026-10-19 22:00")]


def test_leave_that_only_waits_or_was_refused_changes_nothing(scored, clock, cast):
    asked = leaves.ask(
        user=cast.manager, kind="other", from_at=local("2026-10-20 00:00"), until_at=local("2026-10-21 00:00"), by=cast.manager,
        at=clock.now,
    )  # fmt: skip
    assert not free(cast.manager, "2026-10-20")
    leaves.decide(leave=asked, approve=False, answer="No", by=cast.head, at=clock.now)
    assert not free(cast.manager, "2026-10-20")


def test_the_day_of_return_after_many_months_opens_with_the_last_day_worked(away, clock, cast):
    """In pieces, so that no single row reaches back far enough."""
    clock.set("2026-02-02 09:00")
    for month in range(2, 10):
        away(f"2026-{month:02}-03", f"2026-{month + 1:02}-02")
    away("2026-10-03", "2026-10-19")
    window = table(cast.manager, first="2026-10-20", until="2026-10-20").window(cast.manager.pk, TUESDAY)
    assert window is not None
    assert window.opens == utc("2026-02-02 17:00")
    assert len(window.away) == (TUESDAY - date(2026, 2, 3)).days
    assert window == table(cast.manager, until="2026-10-20").window(cast.manager.pk, TUESDAY), "as if all were read"


def test_who_has_not_been_away_costs_no_further_statement_and_who_has_one(away, clock, cast):
    with CaptureQueriesContext(
        connection,
    ) as few:
        table(cast.manager, cast.teammate, first="2026-10-20", until="2026-10-20")
    clock.set("2026-02-02 09:00")
    away("2026-02-03", "2026-10-19")
    with CaptureQueriesContext(connection) as more:
        table(cast.manager, cast.teammate, first="2026-10-20", until="2026-10-20")
    assert (len(few), len(more)) == (6, 7)


def test_statements_do_not_grow_with_people_and_old_leave_is_not_read(scored, clock, cast):
    clock.set("2026-03-02 09:00")
    people = [make_user(team=cast.team) for _ in range(3)]
    for person in people:
        make_assignment(person, cast.team, scored, cast.admin)
        leaves.record(
            user=person, kind="other", from_at=utc("2026-03-03 00:00"), until_at=utc("2026-03-05 00:00"), by=cast.head, at=clock.now
        )  # fmt: skip
    with CaptureQueriesContext(connection) as statements:
        timetable = Timetable.of_teams([cast.team.pk], first=TUESDAY, until=TUESDAY)
        assert len(timetable.windows(TUESDAY)) == 5
    assert len(statements) == 6
    assert not any(timetable._leaves.get(person.pk) for person in people)


# --- shifted deadlines ---


def shift(cast, clock, deadline: time, day: date = TUESDAY):
    return shifts.shift(team=cast.team, day=day, deadline=deadline, reason="Fair", by=cast.head, at=clock.now)


def test_a_later_deadline_moves_everybodys_cut_off_by_as_much(scored, clock, cast):
    early = make_user("Ewa Early", team=cast.team)
    make_assignment(early, cast.team, scored, cast.admin, shift_end=time(15))
    shift(cast, clock, time(20))
    assert window_of(cast.manager, "2026-10-20").cut_off == utc("2026-10-20 18:00")
    assert window_of(early, "2026-10-20").cut_off == utc("2026-10-20 15:00")
    assert window_of(cast.manager, "2026-10-21").opens == utc("2026-10-20 18:00")
    assert window_of(cast.stranger, "2026-10-20").cut_off == utc("2026-10-20 16:00")


def test_an_earlier_deadline_takes_nothing_from_who_ends_before_it(scored, clock, cast):
    early = make_user("Ewa Early", team=cast.team)
    make_assignment(early, cast.team, scored, cast.admin, shift_end=time(15))
    shift(cast, clock, time(16), date(2026, 10, 22))
    assert window_of(cast.manager, "2026-10-22").cut_off == utc("2026-10-22 14:00")
    assert window_of(early, "2026-10-22").cut_off == utc("2026-10-22 13:00")


def test_a_day_shifted_twice_has_the_last_deadline(scored, clock, cast):
    shift(cast, clock, time(20))
    clock.set("2026-10-20 19:50")
    shift(cast, clock, time(22))
    assert window_of(cast.manager, "2026-10-20").cut_off == utc("2026-10-20 20:00")
    assert table(cast.manager).over_at(cast.team.pk, TUESDAY) == utc("2026-10-20 20:30")


def test_a_short_day_is_shifted_from_its_own_end(scored, clock, cast):
    calendars.add_day(day=date(2026, 10, 22), kind="short", ends_at=time(14), by=cast.admin)
    shift(cast, clock, time(16), date(2026, 10, 22))
    assert window_of(cast.manager, "2026-10-22").cut_off == utc("2026-10-22 14:00")


def test_a_deadline_shifted_into_a_gap_of_the_clock_is_the_later_reading(clock, cast):
    """On 2027-03-28 clocks in Warsaw go from 02:00 to 03:00."""
    make_policy(cast.team, cast.admin, deadline=time(1, 30))
    make_assignment(
        cast.manager, cast.team, make_scheme(cast.admin), cast.admin, workdays=[7], shift_start=time(0), shift_end=time(9)
    )  # fmt: skip
    clock.set("2027-03-20 10:00")
    shift(cast, clock, time(2, 30), date(2027, 3, 28))
    assert window_of(cast.manager, "2027-03-28").cut_off == utc("2027-03-28 01:30")


# --- outages ---


@pytest.mark.parametrize(
    ("declared", "team", "span", "expected"),
    [
        ("2026-10-20 18:30", None, ("2026-10-20 12:00", "2026-10-20 13:00"), {"telephony"}),
        ("2026-10-20 18:31", None, ("2026-10-20 12:00", "2026-10-20 13:00"), set()),
        ("2026-10-20 12:00", "team", ("2026-10-20 17:00", "2026-10-20 23:00"), {"telephony"}),
        ("2026-10-20 12:00", "other_team", ("2026-10-20 12:00", "2026-10-20 13:00"), set()),
        ("2026-10-20 18:10", None, ("2026-10-20 18:00", "2026-10-20 18:30"), set()),
        ("2026-10-20 12:00", None, ("2026-10-20 06:00", "2026-10-20 09:00"), set()),
    ],
)
def test_an_outage_counts_in_the_hours_it_touches_when_declared_by_the_horizon(
    scored, clock, cast, declared, team, span, expected
):
    now = clock.set(declared)
    outages.declare(
        source="telephony", from_at=local(span[0]), until_at=local(span[1]), reason="Cable", by=cast.admin, at=now,
        team=getattr(cast, team) if team else None,
    )  # fmt: skip
    assert window_of(cast.manager, "2026-10-20").out == expected


def test_an_outage_that_is_withdrawn_in_time_never_was(scored, clock, cast):
    facts = {"from_at": local("2026-10-20 12:00"), "until_at": local("2026-10-21 13:00"), "reason": "Cable"}
    outage = outages.declare(source="mail", by=cast.admin, at=clock.now, **facts)
    outages.withdraw(outage=outage, by=cast.admin, at=clock.set("2026-10-20 19:00"))
    assert window_of(cast.manager, "2026-10-20").out == {"mail"}
    assert window_of(cast.manager, "2026-10-21").out == frozenset()


# --- new hires ---


@pytest.fixture
def hired(clock, cast):
    """Somebody who begins on Monday 2026-09-07 in a live team."""
    make_policy(cast.team, cast.admin)
    new = make_user("Nora New", team=cast.team)
    first = date(2026, 9, 7)
    make_assignment(new, cast.team, make_scheme(cast.admin), cast.admin, on=first, hired_on=first)
    return new


@pytest.mark.parametrize(
    ("day", "mode", "ramp"),
    [
        ("2026-09-07", Mode.TRIAL, 100),
        ("2026-09-18", Mode.TRIAL, 100),
        ("2026-09-21", Mode.LIVE, 50),
        ("2026-10-02", Mode.LIVE, 50),
        ("2026-10-05", Mode.LIVE, 75),
        ("2026-10-16", Mode.LIVE, 75),
        ("2026-10-19", Mode.LIVE, 100),
        ("2026-11-30", Mode.LIVE, 100),
    ],
)
def test_a_new_hire_has_ten_workdays_on_trial_then_half_then_three_quarters(hired, day, mode, ramp):
    window = window_of(hired, day)
    assert (window.mode, window.ramp) == (mode, ramp)


def test_holidays_and_leave_make_the_trial_longer(hired, clock, cast):
    clock.set("2026-09-07 10:00")
    calendars.add_day(day=date(2026, 9, 8), by=cast.admin)
    leaves.record(
        user=hired, kind="sick", from_at=local("2026-09-10 00:00"), until_at=local("2026-09-12 00:00"), by=cast.head, at=clock.now
    )  # fmt: skip
    assert window_of(hired, "2026-09-23").mode == Mode.TRIAL
    assert (window_of(hired, "2026-09-24").mode, window_of(hired, "2026-09-24").ramp) == (Mode.LIVE, 50)
    read_short = table(hired, first="2026-11-25", until="2026-11-25").window(hired.pk, date(2026, 11, 25))
    assert read_short == window_of(hired, "2026-11-25")


def test_a_team_that_is_off_stays_off_for_new_hires_and_a_move_does_not_start_the_trial_again(hired, clock, cast):
    make_policy(cast.other_team, cast.admin, mode="off")
    scheme = make_scheme(cast.admin, name="Other")
    make_assignment(hired, cast.other_team, scheme, cast.admin, on=date(2026, 9, 10), hired_on=date(2026, 9, 7))
    assert window_of(hired, "2026-09-11").mode == Mode.OFF
    make_assignment(hired, cast.team, scheme, cast.admin, on=date(2026, 9, 21), hired_on=date(2026, 9, 7))
    assert window_of(hired, "2026-09-21").ramp == 50


# --- weeks ---


def week(user, day: str):
    timetable = table(user)
    window = timetable.window(user.pk, date.fromisoformat(day))
    assert window is not None
    return timetable.week(window)


def test_the_week_ends_with_its_last_working_day(scored, cast):
    assert week(cast.manager, "2026-10-22") is None
    found = week(cast.manager, "2026-10-23")
    assert (found.opens, found.scheduled, found.absent) == (utc("2026-10-16 16:00"), 5 * 540, 0)


def test_a_free_friday_lets_the_week_end_on_thursday_if_known_by_then(scored, clock, cast):
    calendars.add_day(day=date(2026, 10, 23), by=cast.admin)
    assert week(cast.manager, "2026-10-22").scheduled == 4 * 540
    clock.set("2026-10-29 19:00")
    calendars.add_day(day=date(2026, 10, 30), by=cast.admin)
    assert week(cast.manager, "2026-10-29") is None, "on Thursday evening nobody knew"


def test_leave_counts_into_the_week_and_a_week_opens_with_its_first_day_worked(away, cast):
    away("2026-10-20")
    away("2026-10-21 09:00", "2026-10-21 12:00")
    found = week(cast.manager, "2026-10-23")
    assert (found.scheduled, found.absent) == (5 * 540, 540 + 180)
    away("2026-10-26", "2026-10-27")
    assert week(cast.manager, "2026-10-30").opens == utc("2026-10-23 16:00")


# --- far moves and clock changes ---


def test_windows_never_share_a_moment_also_after_a_move_far_to_the_east(cast):
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin, zone="Pacific/Pago_Pago", deadline=time(23, 0))
    make_policy(cast.other_team, cast.admin, zone="Pacific/Kiritimati", deadline=time(9, 0))
    make_assignment(cast.manager, cast.team, scheme, cast.admin, shift_end=time(23, 0))
    make_assignment(cast.manager, cast.other_team, scheme, cast.admin, on=date(2026, 10, 21))
    timetable = table(cast.manager)
    windows = [timetable.window(cast.manager.pk, TUESDAY + timedelta(days=n)) for n in range(-3, 8)]
    there = [window for window in windows if window]
    assert all(before.cut_off == after.opens for before, after in pairwise(there))
    assert all(window.opens < window.cut_off for window in there)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 8), (date(2026, 10, 25), 10), (date(2026, 10, 18), 9)])
def test_the_hours_of_a_clock_change_are_those_that_passed(cast, day, hours):
    make_policy(cast.team, cast.admin, deadline=time(9))
    make_assignment(
        cast.manager, cast.team, make_scheme(cast.admin), cast.admin, workdays=[7], shift_start=time(0), shift_end=time(9)
    )  # fmt: skip
    assert window_of(cast.manager, day.isoformat()).scheduled == hours * 60
