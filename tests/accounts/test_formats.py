"""How figures and times read. The sample moments are around Friday 27 November 2026 in Warsaw."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from accounts import formats

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 27, 14, 0, tzinfo=WARSAW)
THIN, MINUS, DASH = "\u202f", "\u2212", "\u2014"


@pytest.fixture(autouse=True)
def _in_warsaw() -> Iterator[None]:
    with timezone.override(WARSAW), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (None, "EUR", DASH),
        (0, "EUR", "€0"),
        (12_000_00, "EUR", f"€12{THIN}000"),
        (10_000_50, "EUR", f"€10{THIN}000.50"),
        (10_000_05, "EUR", f"€10{THIN}000.05"),
        (99, "EUR", "€0.99"),
        (-500_00, "EUR", f"{MINUS}€500"),
        (300_00, "PLN", f"300{THIN}zł"),
        (300_00, "CHF", f"300{THIN}CHF"),
        (1500, "JPY", f"1{THIN}500{THIN}JPY"),
        (123_456_789_012_00, "USD", f"$123{THIN}456{THIN}789{THIN}012"),
    ],
)
def test_money_has_thin_spaces_a_true_minus_and_cents_only_when_there_are_any(
    minor: int | None, currency: str, shown: str
) -> None:
    assert formats.money(minor, currency) == shown


def test_the_point_of_money_is_the_readers_own() -> None:
    with translation.override("pl"):
        assert formats.money(10_50) == "€10,50"


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "€0"),
        (950_00, "€950"),
        (180_400_00, "€180k"),
        (1_240_000_00, "€1.2M"),
        (2_000_000_00, "€2M"),
        (-31_000_00, f"{MINUS}€31k"),
        (None, DASH),
    ],
)
def test_short_money_says_its_size(minor: int | None, shown: str) -> None:
    assert formats.money_short(minor) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(7, "+7"), (-2, f"{MINUS}2"), (0, "0"), (Decimal("0.50"), "+0.5"), (None, DASH)]
)
def test_points_carry_their_sign(value: Decimal | None, shown: str) -> None:
    assert formats.points(value) == shown


def test_numbers_keep_no_empty_places_and_no_minus_before_zero() -> None:
    assert [formats.number(12000), formats.number(3.50, 2), formats.number(-0.001, 2)] == [f"12{THIN}000", "3.5", "0"]
    assert formats.percent(Decimal("0.863")) == f"86{THIN}%"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (45, "45 min"),
        (120, "2 h"),
        (134, "2 h 14 min"),
        (timedelta(days=3, hours=1), "3 d"),
        (timedelta(seconds=59), "0 min"),
        (None, DASH),
    ],
)
def test_durations(value: int | timedelta | None, shown: str) -> None:
    assert formats.duration(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (NOW, "Today 14:00"),
        (NOW - timedelta(days=1), "Yesterday 14:00"),
        (NOW + timedelta(days=1), "Tomorrow 14:00"),
        (NOW + timedelta(days=5), "Wed 2 Dec 14:00"),
        (datetime(2025, 3, 9, 8, 5, tzinfo=WARSAW), "9 Mar 2025 08:05"),
        (date(2026, 11, 28), "Tomorrow"),
    ],
)
def test_moments_are_told_in_the_readers_day(value: datetime | date, shown: str) -> None:
    assert formats.when(value, now=NOW) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(NOW, "today 14:00"), (NOW - timedelta(days=1), "yesterday 14:00"), (NOW + timedelta(days=5), "Wed 2 Dec 14:00")],
)
def test_inside_a_sentence_days_begin_small(value: datetime, shown: str) -> None:
    assert formats.when(value, now=NOW, inside=True) == shown


def test_the_day_is_the_readers_and_not_the_servers() -> None:
    just_after_midnight = datetime(2026, 11, 27, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert formats.when(just_after_midnight, now=NOW) == "Tomorrow 00:30"


@pytest.mark.parametrize(
    ("back", "shown"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=7), "7 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=1), "Yesterday 14:00"),
        (timedelta(minutes=-90), "Today 15:30"),
    ],
)
def test_how_long_ago(back: timedelta, shown: str) -> None:
    assert formats.ago(NOW - back, now=NOW) == shown


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (NOW - timedelta(minutes=40), "40 min late"),
        (NOW - timedelta(days=1), "Yesterday"),
        (NOW - timedelta(days=3), "3 days late"),
        (date(2026, 11, 27), ""),
        (NOW + timedelta(minutes=1), ""),
    ],
)
def test_how_late(due: datetime | date, shown: str) -> None:
    assert formats.late(due, now=NOW) == shown
