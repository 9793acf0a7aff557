"""Time as a dimension: the day, week, month… of the date that the report's period is meant by, where the reader is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lists import Asker
from crm.lists.filters import Label
from reports.builder.expressions import Began, Weekday, Year, day_of, hour_of, moved
from reports.builder.parts import Date, Dimension, Kind
from reports.builder.periods import DAY, Step, Stretch, months_on

MONDAY = date(2024, 1, 1)
MOST_BUCKETS = 400

LABELS: dict[str, Label] = {
    "day": gettext_lazy("Day"), "week": gettext_lazy("Week"), "month": gettext_lazy("Month"), "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"), "weekday": gettext_lazy("Day of the week"), "hour": gettext_lazy("Hour of the day"),
}  # fmt: skip
MONTHS = {"month": 1, "quarter": 3}


def dimensions(by: Date, step: Step | None = None) -> list[Dimension]:
    """Those of a date; `step` moves the days of what is compared with beside the others. A day of the week stays what it was."""
    units = [unit for unit in LABELS if unit != "hour" or by.is_instant]
    return [
        Dimension(
            key=unit, label=LABELS[unit], field=by.field, of=by.of, unit=unit, icon="calendar", value=_value(unit, by, step),
            words=_words(unit), kind=Kind.NUMBER if unit in ("year", "weekday", "hour") else Kind.DAY,
        )
        for unit in units
    ]  # fmt: skip


def _value(unit: str, by: Date, step: Step | None) -> Callable[[Asker], Any]:
    def value(asker: Asker) -> Any:
        if unit == "hour":
            return hour_of(by, asker)
        if unit == "weekday":
            return Weekday(day_of(by, asker))
        day = moved(day_of(by, asker), step)
        if unit == "day":
            return day
        return Year(day) if unit == "year" else Began(day, unit=unit)

    return value


def _words(unit: str) -> Callable[[str, Asker], str]:
    def words(key: str, asker: Asker) -> str:
        if unit == "year":
            return key
        if unit == "hour":
            return f"{int(key):02}:00"
        if unit == "weekday":
            return date_format(MONDAY + timedelta(days=int(key) - 1), "l")
        return _day_words(unit, date.fromisoformat(key), timezone.localdate(asker.at).year)

    return words


def _day_words(unit: str, day: date, this_year: int) -> str:
    if unit == "month":
        return date_format(day, "M Y")
    if unit == "quarter":
        return _("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}
    said = date_format(day, "j M" if day.year == this_year else "j M Y")
    return _("Week from %(day)s") % {"day": said} if unit == "week" else said


def keys_between(unit: str, stretch: Stretch, until: date | None) -> Iterator[str]:
    """The keys of all stretches of time in a period, so that a quiet week is there too; none where there is no end to them."""
    if unit in ("weekday", "hour"):
        yield from map(str, range(1, 8) if unit == "weekday" else ())
        return
    if stretch.first is None or stretch.end is None:
        return
    end = min(stretch.end, until) if until else stretch.end
    day = _begin(unit, stretch.first)
    for _number in range(MOST_BUCKETS):
        if day >= end:
            return
        yield str(day.year) if unit == "year" else day.isoformat()
        day = _next(unit, day)


def _begin(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    if unit == "year":
        return date(day.year, 1, 1)
    return day.replace(day=1) if unit == "month" else day


def _next(unit: str, day: date) -> date:
    if unit in ("day", "week"):
        return day + DAY * (7 if unit == "week" else 1)
    return months_on(day, MONTHS.get(unit, 12))


def of_others(dimension: Dimension, by: Date, step: Step) -> Dimension:
    """A dimension of time for the records that a report compares with; any other as it is."""
    if not dimension.is_time:
        return dimension
    return replace(dimension, value=_value(dimension.unit, by, step))
