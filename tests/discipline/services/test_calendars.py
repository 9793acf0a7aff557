"""Holidays come in as rows that a person approves; days that have begun stay as they are."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotAllowed
from discipline.models import CalendarDay
from discipline.services import calendars, dated, days
from discipline.timetable import Timetable

pytestmark = pytest.mark.django_db
CHRISTMAS = date(2026, 12, 25)


def names(calendar: str = "PL") -> dict[str, str]:
    return {row.day.isoformat(): row.name for row in CalendarDay.objects.standing().filter(calendar=calendar)}


def test_the_holidays_of_a_country_come_in_unapproved_and_only_those_ahead(clock, cast):
    added = calendars.bring_in(country="PL", year=2026, calendar="PL", by=cast.admin, at=clock.now)
    assert names() == {
        "2026-11-01": "All Saints' Day", "2026-11-11": "National Independence Day", "2026-12-24": "Christmas Eve",
        "2026-12-25": "Christmas Day", "2026-12-26": "Second Day of Christmas",
    }  # fmt: skip
    assert len(added) == 5
    assert not CalendarDay.objects.approved().exists()


def test_they_are_named_in_the_readers_language(clock, cast):
    cast.admin.language = "pl"
    calendars.bring_in(country="PL", year=2026, calendar="PL", by=cast.admin, at=clock.now)
    assert names()["2026-12-24"] == "Wigilia Bożego Narodzenia"


def test_bringing_them_in_again_adds_nothing_and_keeps_what_is_there(clock, cast):
    calendars.add_day(day=CHRISTMAS, name="Ours", calendar="PL", by=cast.admin, at=clock.now)
    calendars.bring_in(country="PL", year=2026, calendar="PL", by=cast.admin, at=clock.now)
    assert calendars.bring_in(country="PL", year=2026, calendar="PL", by=cast.admin, at=clock.now) == []
    assert names()["2026-12-25"] == "Ours"


def test_nothing_is_free_before_somebody_approves_it(scored, clock, cast):
    calendars.bring_in(country="PL", year=2026, by=cast.admin, at=clock.now)
    wednesday = date(2026, 11, 11)

    def windows():
        return Timetable.of_teams([cast.team.pk], first=wednesday, until=wednesday).windows(wednesday)

    assert len(windows()) == 2
    assert calendars.approve(calendar="", day=wednesday, by=cast.admin, at=clock.now) == 1
    assert windows() == []
    row = CalendarDay.objects.get(day=wednesday)
    assert (row.approved_by, row.approved_at) == (cast.admin, clock.now)


def test_all_are_approved_at_once_and_once(clock, cast):
    calendars.bring_in(country="PL", year=2026, calendar="PL", by=cast.admin, at=clock.now)
    later = clock.set("2026-11-05 10:00")
    assert calendars.approve(calendar="PL", by=cast.admin, at=later) == 4, "1 November is over"
    assert calendars.approve(calendar="PL", by=cast.admin, at=later) == 0


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"country": "XX"}, calendars.UnknownCountry, "country"),
        ({"year": 2025}, calendars.YearTooFar, "year"),
        ({"year": 2029}, calendars.YearTooFar, "year"),
    ],
)
def test_an_unknown_country_or_year_is_refused_with_its_field(clock, cast, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        calendars.bring_in(by=cast.admin, at=clock.now, **({"country": "PL", "year": 2026} | facts))
    assert (refused.value.field, CalendarDay.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"kind": "feast"}, calendars.UnknownDayKind, "kind"),
        ({"kind": "short"}, calendars.EndMissing, "ends_at"),
        ({"day": date(2026, 10, 20), "kind": "short", "ends_at": time(13)}, calendars.DayBegun, "day"),
        ({"day": date(2026, 10, 19)}, calendars.DayBegun, "day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_its_field_and_nothing_is_saved(clock, cast, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        calendars.add_day(by=cast.admin, at=clock.now, **({"day": CHRISTMAS} | facts))
    assert (refused.value.field, CalendarDay.objects.count()) == (field, 0)


def test_today_may_still_become_free_and_a_holiday_of_today_stays_one(clock, cast):
    calendars.add_day(day=date(2026, 10, 20), by=cast.admin, at=clock.now)
    with pytest.raises(calendars.DayBegun):
        calendars.remove_day(day=date(2026, 10, 20), by=cast.admin, at=clock.now)


def test_a_day_is_removed_and_added_never_changed(clock, cast):
    calendars.add_day(day=CHRISTMAS, by=cast.admin, at=clock.now)
    calendars.add_day(day=CHRISTMAS, kind="short", ends_at=time(12), by=cast.admin, at=clock.set("2026-10-21 10:00"))
    calendars.remove_day(day=CHRISTMAS, by=cast.admin, at=clock.set("2026-10-22 10:00"))
    held = CalendarDay.objects.filter(day=CHRISTMAS).order_by("pk").values_list("kind", "approved_at", "removed_at")
    first, second, third = (datetime(2026, 10, day, 8, tzinfo=UTC) for day in (20, 21, 22))
    assert list(held) == [("holiday", first, second), ("short", second, third)]
    for change in ({"kind": "workday"}, {"day": date(2026, 12, 27)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarDay.objects.filter(day=CHRISTMAS).update(**change)


def test_a_calendar_whose_teams_have_a_day_closed_keeps_it(scored, clock, cast):
    days.close(team=cast.team, day=date(2026, 10, 20), at=clock.set("2026-10-20 18:30"))
    with pytest.raises(dated.DayClosed) as refused:
        calendars.add_day(day=date(2026, 10, 20), by=cast.admin, at=clock.now)
    assert refused.value.field == "day"
    calendars.add_day(day=date(2026, 10, 20), calendar="DE", by=cast.admin, at=clock.now)


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_looks_after_calendars(clock, cast, who):
    by = getattr(cast, who)
    for attempt in (
        lambda: calendars.bring_in(country="PL", year=2026, by=by, at=clock.now),
        lambda: calendars.approve(calendar="", by=by, at=clock.now),
        lambda: calendars.add_day(day=CHRISTMAS, by=by, at=clock.now),
        lambda: calendars.remove_day(day=CHRISTMAS, by=by, at=clock.now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
