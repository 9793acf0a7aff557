"""When a report is due, on clocks that are put forward and back, in short months, after an outage."""

from datetime import UTC, datetime, time

import pytest

from reports.mails import timetable
from reports.models import ReportMail

WARSAW, TOKYO = "Europe/Warsaw", "Asia/Tokyo"


def mail(**facts):
    return ReportMail(**{"rhythm": "weekly", "at": time(8), "changed_at": datetime(2026, 1, 1, tzinfo=UTC), **facts})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "zone", "now", "day"),
    [
        ({"weekday": 1}, WARSAW, "2026-10-19 05:59", "2026-10-12"),
        ({"weekday": 1}, WARSAW, "2026-10-19 06:00", "2026-10-19"),
        ({"weekday": 1}, WARSAW, "2026-10-22 21:00", "2026-10-19"),
        ({"weekday": 1}, TOKYO, "2026-10-18 23:00", "2026-10-19"),
        ({"weekday": 1}, WARSAW, "2026-10-26 07:00", "2026-10-26"),
        ({"weekday": 7}, WARSAW, "2026-10-25 07:00", "2026-10-25"),
        ({"weekday": 7, "at": time(2, 30)}, WARSAW, "2026-10-25 01:29", "2026-10-18"),
        ({"weekday": 7, "at": time(2, 30)}, WARSAW, "2026-10-25 01:30", "2026-10-25"),
        ({"rhythm": "workdays"}, WARSAW, "2026-10-20 06:00", "2026-10-20"),
        ({"rhythm": "workdays"}, WARSAW, "2026-10-20 05:59", None),
        ({"rhythm": "monthly", "day": 31}, WARSAW, "2026-02-28 08:00", "2026-02-28"),
        ({"rhythm": "monthly", "day": 31}, WARSAW, "2026-03-01 08:00", "2026-02-28"),
        ({"rhythm": "monthly", "day": 31}, WARSAW, "2026-03-08 08:00", None),
        ({"rhythm": "monthly", "day": 1}, WARSAW, "2026-03-01 07:00", "2026-03-01"),
    ],
)
def test_the_last_time_that_has_come(facts, zone, now, day):
    found = timetable.due(mail(**facts), zone, at(now))
    assert (found.isoformat() if found else None) == day


def test_what_was_due_before_it_was_set_up_is_not_sent():
    fresh = mail(weekday=1, changed_at=at("2026-10-19 06:00"))
    assert timetable.due(fresh, WARSAW, at("2026-10-19 06:01")) is None
    assert timetable.due(fresh, WARSAW, at("2026-10-26 07:01")).isoformat() == "2026-10-26"


@pytest.mark.parametrize(
    ("facts", "now", "comes"),
    [
        ({"weekday": 1}, "2026-10-19 06:00", "2026-10-26 07:00"),
        ({"weekday": 1}, "2026-10-19 05:00", "2026-10-19 06:00"),
        ({"rhythm": "workdays"}, "2026-10-23 07:00", "2026-10-26 07:00"),
        ({"rhythm": "monthly", "day": 30}, "2026-01-30 08:00", "2026-02-28 07:00"),
    ],
)
def test_when_it_comes_next(facts, now, comes):
    assert timetable.coming(mail(**facts), WARSAW, at(now)) == at(comes)
