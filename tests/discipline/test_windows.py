from datetime import UTC, date, datetime, time

import pytest

from discipline.models import CalendarDay
from discipline.services import calendars
from discipline.timetable import Timetable
from tests.factories.discipline import make_assignment, make_policy, make_scheme, window_of

pytestmark = pytest.mark.django_db


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def free(user, day: str) -> bool:
    on = date.fromisoformat(day)
    return Timetable.of_people([user.pk], until=on).window(user.pk, on) is None


def test_a_window_runs_from_the_cut_off_of_the_day_before_to_its_own(cast, scored):
    window = window_of(cast.manager, "2026-10-20")
    assert (window.opens, window.cut_off) == (utc("2026-10-19 16:00"), utc("2026-10-20 16:00"))
    assert window.horizon == utc("2026-10-20 16:30")


def test_mondays_window_holds_the_weekend(cast, scored):
    assert free(cast.manager, "2026-10-17")
    assert window_of(cast.manager, "2026-10-19").opens == utc("2026-10-16 16:00")


def test_the_first_window_ever_opens_at_the_local_midnight_of_the_first_day(cast, scored):
    window = window_of(cast.manager, "2026-01-05")
    assert window.opens == window.since == utc("2026-01-04 23:00")


def test_an_own_shift_that_ends_earlier_is_the_cut_off(cast):
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin, shift_end=time(16, 30))
    assert window_of(cast.manager, "2026-10-20").cut_off == utc("2026-10-20 14:30")


def test_a_shift_that_ends_later_does_not_move_the_teams_deadline(cast):
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin, shift_end=time(20, 0))
    assert window_of(cast.manager, "2026-10-20").cut_off == utc("2026-10-20 16:00")


def test_a_holiday_is_free_and_the_next_window_holds_it(cast, scored):
    calendars.add_day(day=date(2026, 10, 20), by=cast.admin)
    assert free(cast.manager, "2026-10-20")
    assert window_of(cast.manager, "2026-10-21").opens == utc("2026-10-19 16:00")


def test_an_extra_workday_on_a_saturday_has_a_window(cast, scored):
    calendars.add_day(day=date(2026, 10, 24), by=cast.admin, kind="workday")
    assert window_of(cast.manager, "2026-10-24").opens == utc("2026-10-23 16:00")


def test_a_day_that_nobody_approved_changes_nothing(cast, scored):
    CalendarDay.objects.create(day=date(2026, 10, 20))
    assert not free(cast.manager, "2026-10-20")


def test_a_deadline_that_the_clock_shows_twice_is_the_later_one(cast):
    """On 2026-10-25 clocks in Warsaw go from 03:00 back to 02:00."""
    make_policy(cast.team, cast.admin, deadline=time(2, 30))
    make_assignment(
        cast.manager,
        cast.team,
        make_scheme(cast.admin),
        cast.admin,
        workdays=[7],
        shift_start=time(0),
        shift_end=time(9),
    )
    assert window_of(cast.manager, "2026-10-25").cut_off == utc("2026-10-25 01:30")


def test_a_deadline_that_the_clock_skips_is_the_later_reading(cast):
    """On 2026-03-29 clocks in Warsaw go from 02:00 to 03:00."""
    make_policy(cast.team, cast.admin, deadline=time(2, 30))
    make_assignment(
        cast.manager,
        cast.team,
        make_scheme(cast.admin),
        cast.admin,
        workdays=[7],
        shift_start=time(0),
        shift_end=time(9),
    )
    assert window_of(cast.manager, "2026-03-29").cut_off == utc("2026-03-29 01:30")


def test_the_cut_off_follows_the_wall_clock_over_a_clock_change(cast, scored):
    friday, monday = window_of(cast.manager, "2026-10-23"), window_of(cast.manager, "2026-10-26")
    assert (friday.cut_off, monday.cut_off) == (utc("2026-10-23 16:00"), utc("2026-10-26 17:00"))
    assert monday.opens == friday.cut_off


def test_each_teams_day_ends_on_its_own_clock(cast):
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin, zone="Asia/Tokyo")
    make_policy(cast.other_team, cast.admin, zone="America/New_York")
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    make_assignment(cast.stranger, cast.other_team, scheme, cast.admin)
    assert window_of(cast.manager, "2026-10-20").cut_off == utc("2026-10-20 09:00")
    assert window_of(cast.stranger, "2026-10-20").cut_off == utc("2026-10-20 22:00")


def test_somebody_who_changes_team_has_no_gap_between_his_windows(cast, scored):
    make_assignment(cast.manager, cast.other_team, scored, cast.admin, on=date(2026, 10, 21))
    before, after = window_of(cast.manager, "2026-10-20"), window_of(cast.manager, "2026-10-21")
    assert (before.team_id, after.team_id) == (cast.team.pk, cast.other_team.pk)
    assert after.opens == before.cut_off


def test_a_team_that_is_off_has_windows_but_no_scored_day(cast):
    make_policy(cast.team, cast.admin, mode="off")
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin)
    assert not window_of(cast.manager, "2026-10-20").scored


def test_a_team_without_a_policy_has_no_windows(cast):
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin)
    assert free(cast.manager, "2026-10-20")


def test_no_window_is_empty_when_somebody_moves_so_far_east_that_the_day_before_ended_later(cast):
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin, zone="Pacific/Pago_Pago", deadline=time(23, 0))
    make_policy(cast.other_team, cast.admin, zone="Pacific/Kiritimati", deadline=time(9, 0))
    make_assignment(cast.manager, cast.team, scheme, cast.admin, shift_end=time(23, 0))
    make_assignment(cast.manager, cast.other_team, scheme, cast.admin, on=date(2026, 10, 21))
    assert free(cast.manager, "2026-10-21")
    window = window_of(cast.manager, "2026-10-22")
    assert window.opens < window.cut_off
