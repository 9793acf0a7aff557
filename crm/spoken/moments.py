"""Days and hours in a line of text: "tomorrow 15:00", "za 3 dni", "в пятницу утром", "el lunes a las 10"."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.spoken.words import Lexicon

DATE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<d2>\d\d?)[./](?P<m2>\d\d?)(?:[./](?P<y2>\d{4}|\d\d))?)$"
)
CLOCK = re.compile(r"(\d\d?)[:.](\d\d)$")
AMOUNT = re.compile(r"\d{1,4}(?:[.,]\d)?$")
AFTERNOON_BEGINS = 7
LONG_GONE = timedelta(days=60)
LONGEST_WAIT = {"minute": 1440, "hour": 240, "day": 400, "week": 60, "month": 24}


@dataclass(frozen=True)
class Moment:
    """A day of the calendar, with an hour where one was said; `hour_only` where no day was."""

    day: date
    hour: time | None
    hour_only: bool = False

    def at(self, otherwise: time) -> datetime:
        """As the clock on the wall shows it."""
        return datetime.combine(self.day, self.hour or otherwise)


@dataclass(frozen=True)
class _Day:
    """A day as it was said: exactly, or as a weekday that comes next."""

    day: date | None = None
    weekday: int = 0
    hour: time | None = None


class Moments:
    """Finds moments among folded words, seen from `now` (a wall clock, without a zone)."""

    def __init__(self, lexicon: Lexicon, words: list[str], raw: list[str], now: datetime) -> None:
        self.lexicon, self.words, self.raw, self.now = lexicon, words, raw, now

    def find(self, place: int) -> tuple[Moment, int] | None:
        """The moment that begins at `place` and how many words it takes: a day and an hour in either order, or one of them."""
        found = self._day(place)
        if found:
            day, length = found
            hour = None if day.hour else self._hour(place + length, after_day=True)
            return self._settled(day, hour[0] if hour else day.hour), length + (hour[1] if hour else 0)
        first = self._hour(place, after_day=False)
        if not first:
            return None
        hour_said, length = first
        found = self._day(place + length)
        if found and not found[0].hour:
            return self._settled(found[0], hour_said), length + found[1]
        return Moment(self.now.date(), hour_said, hour_only=True), length

    # --- days ---

    def _day(self, place: int) -> tuple[_Day, int] | None:
        lead = self.lexicon.on.length(self.words, place)
        for skipped in dict.fromkeys((0, lead)):
            found = self._named_day(place + skipped) or self._date(place + skipped)
            if found:
                return found[0], skipped + found[1]
        return self._distance(place)

    def _named_day(self, place: int) -> tuple[_Day, int] | None:
        today = self.now.date()
        for table, made in (
            (self.lexicon.days, lambda distance: _Day(today + timedelta(days=distance))),
            (self.lexicon.next_week, lambda _said: _Day(today + timedelta(days=8 - today.isoweekday()))),
            (self.lexicon.weekdays, lambda number: _Day(weekday=number)),
        ):
            found = table.find(self.words, place)
            if found:
                return made(found[0]), found[1]
        return None

    def _date(self, place: int) -> tuple[_Day, int] | None:
        """ "25.11", "2026-11-25", "25 November", "November 25th", "25 de noviembre"."""
        if place >= len(self.words):
            return None
        written = DATE.match(self.raw[place])
        if written:
            parts = written.groupdict()
            year = parts["y"] or parts["y2"]
            day = self._calendar(
                int(parts["d"] or parts["d2"]), int(parts["m"] or parts["m2"]), int(year) if year else None
            )
            return (_Day(day), 1) if day else None
        if self._number(place) is not None:
            return self._day_then_month(place)
        month = self.lexicon.months.find(self.words, place)
        if month and self._number(place + month[1]) is not None:
            day = self._calendar(int(self._number(place + month[1]) or 0), month[0], None)
            ending = self._word(place + month[1] + 1) in ("st", "nd", "rd", "th")
            return (_Day(day), month[1] + 1 + ending) if day else None
        return None

    def _day_then_month(self, place: int) -> tuple[_Day, int] | None:
        between = 1 + (self._word(place + 1) in ("st", "nd", "rd", "th", "de", "of"))
        month = self.lexicon.months.find(self.words, place + between)
        day = self._calendar(int(self._number(place) or 0), month[0], None) if month else None
        return (_Day(day), between + month[1]) if month and day else None

    def _calendar(self, day: int, month: int, year: int | None) -> date | None:
        """The date, in the coming year where this year's is long gone; None where the calendar has no such day."""
        today = self.now.date()
        try:
            if year is not None:
                return date(year if year > 99 else 2000 + year, month, day)
            this = date(today.year, month, day)
            return this if this >= today - LONG_GONE else date(today.year + 1, month, day)
        except ValueError:
            return None

    def _distance(self, place: int) -> tuple[_Day, int] | None:
        """ "in 3 days", "za godzinę", "через неделю": one where no number is said."""
        lead = self.lexicon.within.length(self.words, place)
        if not lead:
            return None
        number = self._number(place + lead)
        counted = self.lexicon.numbers.find(self.words, place + lead)
        amount, taken = (number, 1) if number is not None else counted or (1, 0)
        unit = self.lexicon.units.find(self.words, place + lead + taken)
        if not unit or not 0 < amount <= LONGEST_WAIT[unit[0]]:
            return None
        return self._later(float(amount), unit[0]), lead + taken + unit[1]

    def _later(self, amount: float, unit: str) -> _Day:
        if unit in ("minute", "hour"):
            moment = self.now + timedelta(**{f"{unit}s": amount})
            return _Day(moment.date(), hour=moment.time().replace(second=0, microsecond=0))
        if unit == "month":
            months = self.now.year * 12 + self.now.month - 1 + int(amount)
            year, month = divmod(months, 12)
            last = monthrange(year, month + 1)[1]
            return _Day(date(year, month + 1, min(self.now.day, last)))
        return _Day(self.now.date() + timedelta(days=amount * (7 if unit == "week" else 1)))

    # --- hours ---

    def _hour(self, place: int, *, after_day: bool) -> tuple[time, int] | None:
        part = self.lexicon.hours.find(self.words, place) if after_day else None
        if part:
            return part
        lead = self.lexicon.at.length(self.words, place)
        for skipped in dict.fromkeys((lead, 0)):
            found = self._clock(place + skipped, asked=bool(skipped), sure=bool(skipped) or after_day)
            if found:
                return found[0], skipped + found[1]
        return None

    def _clock(self, place: int, *, asked: bool, sure: bool) -> tuple[time, int] | None:
        """ "15:00", "3 pm"; a bare number only where an hour is expected, and not before a unit of time."""
        if place >= len(self.words):
            return None
        written = CLOCK.match(self.raw[place])
        number = self._number(place)
        if written and (sure or ":" in self.raw[place]):
            hour, minute = int(written[1]), int(written[2])
        elif number is not None and number == int(number) and self.raw[place].isdigit():
            hour, minute = int(number), 0
        else:
            return None
        unit = 0 if written else self._unit_of_hour(place, asked=asked)
        if unit is None or hour > 23 or minute > 59:
            return None
        late = self.lexicon.afternoons.length(self.words, place + 1 + unit)
        early = self.lexicon.mornings.length(self.words, place + 1 + unit)
        if not (sure or written or late or early):
            return None
        if (late and hour < 12) or (not written and not early and hour < AFTERNOON_BEGINS):
            hour += 12
        return time(hour % 24, minute), 1 + unit + (late or early)

    def _unit_of_hour(self, place: int, *, asked: bool) -> int | None:
        """How many words behind a bare hour belong to it ("at 15h", "в 3 часа"); None where they make it a length ("15 min")."""
        unit = self.lexicon.units.find(self.words, place + 1)
        if not unit:
            return None if self.lexicon.months.find(self.words, place + 1) else 0
        return unit[1] if asked and unit[0] == "hour" else None

    # --- small things ---

    def _settled(self, said: _Day, hour: time | None) -> Moment:
        if said.day is not None:
            return Moment(said.day, hour)
        today = self.now.date()
        ahead = (said.weekday - today.isoweekday()) % 7
        still = ahead == 0 and hour is not None and hour > self.now.time()
        return Moment(today + timedelta(days=ahead if ahead or still else 7), hour)

    def _number(self, place: int) -> float | None:
        if place >= len(self.raw) or not AMOUNT.match(self.raw[place]):
            return None
        return float(self.raw[place].replace(",", "."))

    def _word(self, place: int) -> str:
        return self.words[place] if place < len(self.words) else ""
