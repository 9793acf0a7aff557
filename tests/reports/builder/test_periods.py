"""Periods are those of the reader's today, and what they are compared with lies as far back as people mean."""

from datetime import date

import pytest

from reports.builder.periods import LAST_YEAR, PREVIOUS, Stretch, in_words, months_on, stretch

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kind", "first", "end"),
    [
        ("today", "2026-11-22", "2026-11-23"),
        ("yesterday", "2026-11-21", "2026-11-22"),
        ("this_week", "2026-11-16", "2026-11-23"),
        ("last_week", "2026-11-09", "2026-11-16"),
        ("this_month", "2026-11-01", "2026-12-01"),
        ("last_month", "2026-10-01", "2026-11-01"),
        ("this_quarter", "2026-10-01", "2027-01-01"),
        ("last_quarter", "2026-07-01", "2026-10-01"),
        ("this_year", "2026-01-01", "2027-01-01"),
        ("last_year", "2025-01-01", "2026-01-01"),
        ("last_7_days", "2026-11-16", "2026-11-23"),
        ("last_30_days", "2026-10-24", "2026-11-23"),
        ("last_90_days", "2026-08-25", "2026-11-23"),
        ("last_12_months", "2025-11-23", "2026-11-23"),
        ("next_30_days", "2026-11-22", "2026-12-22"),
    ],
)
def test_a_word_means_days(kind: str, first: str, end: str) -> None:
    found = stretch(kind, SUNDAY)
    assert (found.first, found.end) == (date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("kind", "compare", "first", "end"),
    [
        ("last_month", PREVIOUS, "2026-09-01", "2026-10-01"),
        ("this_month", PREVIOUS, "2026-10-01", "2026-10-23"),  # as many days as there have been
        ("this_year", PREVIOUS, "2025-01-01", "2025-11-23"),
        ("this_quarter", PREVIOUS, "2026-07-01", "2026-08-23"),
        ("last_7_days", PREVIOUS, "2026-11-09", "2026-11-16"),
        ("this_week", LAST_YEAR, "2025-11-16", "2025-11-23"),
        ("last_12_months", PREVIOUS, "2024-11-23", "2025-11-23"),
        ("last_month", LAST_YEAR, "2025-10-01", "2025-11-01"),
        ("today", PREVIOUS, "2026-11-21", "2026-11-22"),
    ],
)
def test_what_it_is_compared_with(kind: str, compare: str, first: str, end: str) -> None:
    found, _step = stretch(kind, SUNDAY).earlier(compare, SUNDAY, ahead=False)
    assert (found.first, found.end) == (date.fromisoformat(first), date.fromisoformat(end))


def test_dates_that_lie_ahead_are_compared_whole() -> None:
    found, _step = stretch("this_month", SUNDAY).earlier(PREVIOUS, SUNDAY, ahead=True)
    assert (found.first, found.end) == (date(2026, 10, 1), date(2026, 11, 1))


def test_days_of_ones_own_are_compared_with_as_many_before_them() -> None:
    asked = stretch("from_to", SUNDAY, date(2026, 11, 1), date(2026, 11, 10))
    found, _step = asked.earlier(PREVIOUS, SUNDAY, ahead=False)
    assert (found.first, found.end) == (date(2026, 10, 22), date(2026, 11, 1))


def test_a_month_that_is_shorter_gives_its_last_day() -> None:
    assert months_on(date(2026, 3, 31), -1) == date(2026, 2, 28)
    today = date(2026, 3, 30)
    found, _step = stretch("this_month", today).earlier(PREVIOUS, today, ahead=False)
    assert (found.first, found.end) == (date(2026, 2, 1), date(2026, 3, 1))


def test_stretches_in_words() -> None:
    assert in_words(stretch("this_month", SUNDAY)) == "1 Nov 2026 to 30 Nov 2026"
    assert in_words(stretch("today", SUNDAY)) == "22 Nov 2026"
    assert in_words(stretch("from_to", SUNDAY, date(2026, 1, 2))) == "since 2 Jan 2026"
    assert in_words(stretch("from_to", SUNDAY, None, date(2026, 1, 2))) == "until 2 Jan 2026"
    assert in_words(Stretch()) == "all the time"
