"""Filters with two ends: days (by words that stay true tomorrow, or from one day to another) and amounts of money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.formats import NO_MINOR_UNITS
from crm.lists.filters import ANY, NONE, Asker, Filter, Label, Rows
from crm.when import MIDNIGHT, local_day, wall

Days = tuple[date | None, date | None]
"""From the first day up to, not including, the second; None where it is open."""
LARGEST = Decimal(10) ** 13

PAST: list[tuple[str, Label]] = [
    ("today", _("Today")), ("yesterday", _("Yesterday")), ("this_week", _("This week")), ("last_week", _("Last week")),
    ("this_month", _("This month")), ("last_month", _("Last month")), ("days_30", _("Last 30 days")),
    ("days_90", _("Last 90 days")), ("this_year", _("This year")), ("last_year", _("Last year")),
]  # fmt: skip
AHEAD: list[tuple[str, Label]] = [
    ("gone", _("Before today")), ("this_week", _("This week")), ("next_week", _("Next week")), ("this_month", _("This month")),
    ("next_month", _("Next month")), ("next_30", _("Next 30 days")), ("this_quarter", _("This quarter")), ("this_year", _("This year")),
]  # fmt: skip
EMPTY_DAY: list[tuple[str, Label]] = [(NONE, _("Not set")), (ANY, _("Set"))]


def days(
    key: str,
    label: Label,
    *,
    column: str = "",
    ahead: bool = False,
    empty: bool = False,
    narrow: Callable[[Rows, Days, Asker], Rows] | None = None,
    **more: Any,
) -> Filter:
    """Days of the column `column` (a date or an instant), or what `narrow` makes of them. `ahead` offers words for what is to come."""
    column = column or key

    def narrowed(rows: Rows, value: str, asker: Asker) -> Rows:
        if value in (NONE, ANY):
            return rows.filter(**{f"{column}__isnull": value == NONE})
        span = between(value, local_day(asker.at, asker.user.zone))
        return narrow(rows, span, asker) if narrow else rows.filter(within(rows, column, span, asker))

    options = [*(AHEAD if ahead else PAST), *(EMPTY_DAY if empty else [])]
    return Filter(
        key=key, label=label, kind="days", narrow=narrowed, options=options, read_span=_read_days,
        **{"field": column, **more},
    )  # fmt: skip


def within(rows: Rows, column: str, span: Days, asker: Asker) -> Q:
    """Rows whose `column` lies in the days, as calendars count them where the asker is."""
    is_instant = rows.model._meta.get_field(column).get_internal_type() == "DateTimeField"
    ends = [instant(day, asker) if is_instant and day else day for day in span]
    condition = Q(**{f"{column}__gte": ends[0]}) if ends[0] else Q()
    return condition & Q(**{f"{column}__lt": ends[1]}) if ends[1] else condition


def instant(day: date, asker: Asker) -> datetime:
    """When a day begins where the asker is."""
    return wall(day, MIDNIGHT, asker.user.zone)


def between(value: str, today: date) -> Days:
    """The days that a value of the filter stands for, as of `today`."""
    if ".." in value:
        first, last = (date.fromisoformat(end) if end else None for end in value.split(".."))
        return first, last + timedelta(days=1) if last else None
    return _words(today)[value]


def _words(today: date) -> dict[str, Days]:
    one, week = timedelta(days=1), timedelta(days=7)
    monday, first, new_year = (
        today - timedelta(days=today.weekday()),
        today.replace(day=1),
        today.replace(month=1, day=1),
    )
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return {
        "today": (today, today + one),
        "yesterday": (today - one, today),
        "this_week": (monday, monday + week),
        "last_week": (monday - week, monday),
        "next_week": (monday + week, monday + 2 * week),
        "this_month": (first, _months(first, 1)),
        "last_month": (_months(first, -1), first),
        "next_month": (_months(first, 1), _months(first, 2)),
        "this_quarter": (quarter, _months(quarter, 3)),
        "this_year": (new_year, _months(new_year, 12)),
        "last_year": (_months(new_year, -12), new_year),
        "days_30": (today - timedelta(days=29), today + one),
        "days_90": (today - timedelta(days=89), today + one),
        "next_30": (today, today + timedelta(days=31)),
        "gone": (None, today),
    }


def _months(first: date, by: int) -> date:
    """The first day of the month that lies `by` months from that of `first`."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def _read_days(value: str) -> str:
    """ "2026-01-01..2026-03-31", either end open; empty for anything else, the ends in order."""
    first, separator, last = value.partition("..")
    if not separator:
        return ""
    ends = [_day(first), _day(last)]
    if all(ends) and ends[0] > ends[1]:
        ends.reverse()
    return "..".join(ends) if any(ends) else ""


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return text if 1900 <= day.year <= 2200 and text == day.isoformat() else ""


def amount(key: str, label: Label, *, column: str, currency: str = "currency", **more: Any) -> Filter:
    """Amounts from and to, in whole units of each row's own currency; rows without an amount are left out."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        low, high = (Decimal(end) if end else None for end in value.split(".."))
        whole = Q(**{f"{currency}__in": sorted(NO_MINOR_UNITS)})
        return rows.filter((whole & _from_to(column, low, high, 1)) | (~whole & _from_to(column, low, high, 100)))

    return Filter(
        key=key, label=label, kind="amount", narrow=narrow, read_span=_read_amounts, **{"field": column, **more}
    )


def _from_to(column: str, low: Decimal | None, high: Decimal | None, minor: int) -> Q:
    condition = Q(**{f"{column}__gte": int(low * minor)}) if low is not None else Q()
    return condition & Q(**{f"{column}__lte": int(high * minor)}) if high is not None else condition


def _read_amounts(value: str) -> str:
    """ "1000..5000", either end open; empty for anything else, the ends in order."""
    first, separator, last = value.partition("..")
    if not separator:
        return ""
    ends = [_figure(first), _figure(last)]
    if all(ends) and Decimal(ends[0]) > Decimal(ends[1]):
        ends.reverse()
    return "..".join(ends) if any(ends) else ""


def _figure(text: str) -> str:
    plain = "".join(text.split()).replace("\u202f", "").replace(",", ".")
    try:
        figure = Decimal(plain)
    except InvalidOperation:
        return ""
    if not figure.is_finite() or not 0 <= figure <= LARGEST:
        return ""
    return f"{figure.quantize(Decimal('0.01')).normalize():f}"
