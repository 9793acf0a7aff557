"""Stretches of days that a report is about, as of the reader's today, and the stretches that they are compared with."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lists.filters import Label

DAY = timedelta(days=1)
FROM_TO, ALL = "from_to", "all"
PREVIOUS, LAST_YEAR = "previous", "last_year"

KINDS: dict[str, Label] = {
    "today": gettext_lazy("Today"), "yesterday": gettext_lazy("Yesterday"), "this_week": gettext_lazy("This week"), "last_week": gettext_lazy("Last week"),
    "this_month": gettext_lazy("This month"), "last_month": gettext_lazy("Last month"), "this_quarter": gettext_lazy("This quarter"),
    "last_quarter": gettext_lazy("Last quarter"), "this_year": gettext_lazy("This year"), "last_year": gettext_lazy("Last year"), "last_7_days": gettext_lazy("Last 7 days"),
    "last_30_days": gettext_lazy("Last 30 days"), "last_90_days": gettext_lazy("Last 90 days"), "last_12_months": gettext_lazy("Last 12 months"),
    "next_30_days": gettext_lazy("Next 30 days"), ALL: gettext_lazy("All the time"), FROM_TO: gettext_lazy("From one day to another"),
}  # fmt: skip
COMPARISONS: dict[str, Label] = {
    "": gettext_lazy("Nothing"),
    PREVIOUS: gettext_lazy("The period before"),
    LAST_YEAR: gettext_lazy("The same period last year"),
}


@dataclass(frozen=True)
class Step:
    """By how much two stretches are apart."""

    months: int = 0
    days: int = 0

    def back(self, day: date) -> date:
        """The day that lies so much earlier; the last of a month that is shorter."""
        return months_on(day - timedelta(days=self.days), -self.months)


@dataclass(frozen=True)
class Stretch:
    """Days from `first` up to, not including, `end`; None where it is open. `step` leads to the stretch before it."""

    first: date | None = None
    end: date | None = None
    step: Step = Step()

    @property
    def is_bounded(self) -> bool:
        return self.first is not None and self.end is not None

    def earlier(self, compare: str, today: date, *, ahead: bool) -> tuple[Stretch, Step]:
        """What it is compared with, and how far that lies back. One that is still running is compared with as many days, unless
        its dates lie ahead anyway."""
        step = Step(months=12) if compare == LAST_YEAR else self.step
        assert self.first is not None
        assert self.end is not None
        end = self.end if ahead else max(min(self.end, today + DAY), self.first)
        return Stretch(step.back(self.first), _end_back(end, step)), step


def _end_back(end: date, step: Step) -> date:
    """An end that stands for "through the last day of February" goes to the end of that month."""
    return step.back(end) if end.day == 1 or not step.months else step.back(end - DAY) + DAY


def stretch(kind: str, today: date, first: date | None = None, last: date | None = None) -> Stretch:
    """The days that a period means on `today`."""
    if kind == FROM_TO:
        end = last + DAY if last else None
        return Stretch(first, end, Step(days=(end - first).days) if first and end else Step())
    if kind == ALL:
        return Stretch()
    since, until, step = _words(today)[kind]
    return Stretch(since, until, step)


def _words(today: date) -> dict[str, tuple[date, date, Step]]:
    monday, first, new_year = (
        today - timedelta(days=today.weekday()),
        today.replace(day=1),
        today.replace(month=1, day=1),
    )
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    tomorrow = today + DAY
    day, week, month, three, year = Step(days=1), Step(days=7), Step(months=1), Step(months=3), Step(months=12)
    return {
        "today": (today, tomorrow, day),
        "yesterday": (today - DAY, today, day),
        "this_week": (monday, monday + 7 * DAY, week),
        "last_week": (monday - 7 * DAY, monday, week),
        "this_month": (first, months_on(first, 1), month),
        "last_month": (months_on(first, -1), first, month),
        "this_quarter": (quarter, months_on(quarter, 3), three),
        "last_quarter": (months_on(quarter, -3), quarter, three),
        "this_year": (new_year, months_on(new_year, 12), year),
        "last_year": (months_on(new_year, -12), new_year, year),
        **{f"last_{n}_days": (tomorrow - n * DAY, tomorrow, Step(days=n)) for n in (7, 30, 90)},
        "last_12_months": (months_on(tomorrow, -12), tomorrow, year),
        "next_30_days": (today, today + 30 * DAY, Step(days=30)),
    }


def months_on(day: date, by: int) -> date:
    """The same day of the month `by` months on; the last of the month where there is none."""
    months = day.year * 12 + day.month - 1 + by
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_words(span: Stretch) -> str:
    """A stretch as people read it: "3 Nov 2026", "1 Nov 2026 to 30 Nov 2026", "since 1 Nov 2026"."""
    last = span.end - DAY if span.end else None
    first_said = date_format(span.first, "j M Y") if span.first else ""
    last_said = date_format(last, "j M Y") if last else ""
    if span.first and last:
        return (
            first_said if span.first == last else _("%(first)s to %(last)s") % {"first": first_said, "last": last_said}
        )
    if span.first:
        return _("since %(day)s") % {"day": first_said}
    return _("until %(day)s") % {"day": last_said} if last else _("all the time")
