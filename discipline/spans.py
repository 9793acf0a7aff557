"""The stretch of days that a page about a team looks at: this week, this month, last month, or own dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 92
NAMES = {
    "week": gettext_lazy("This week"),
    "month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
}


@dataclass(frozen=True, kw_only=True)
class Span:
    """Whole days from `first` to `last`, both with it. `problem` says what was wrong with the dates that were asked for."""

    name: str
    first: date
    last: date
    problem: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> Span:
        """What the address asks for; this month where it cannot be meant."""
        if query.get("from") or query.get("until"):
            return cls._own(query.get("from", ""), query.get("until", ""), today)
        return cls._named(query.get("span", ""), today)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def query(self) -> str:
        """The same stretch in an address, whatever day it is then."""
        return f"from={self.first.isoformat()}&until={self.last.isoformat()}"

    @classmethod
    def _named(cls, name: str, today: date, problem: str = "") -> Span:
        if name == "week":
            return cls(name=name, first=today - timedelta(days=today.isoweekday() - 1), last=today, problem=problem)
        if name == "last_month":
            last = today.replace(day=1) - timedelta(days=1)
            return cls(name=name, first=last.replace(day=1), last=last, problem=problem)
        return cls(name="month", first=today.replace(day=1), last=today, problem=problem)

    @classmethod
    def _own(cls, first: str, last: str, today: date) -> Span:
        try:
            since, until = date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            return cls._named("", today, _("Choose both dates. Here is this month."))
        if until < since:
            return cls._named(
                "", today, _("The first day lies after the last one: turn them round. Here is this month.")
            )
        if (until - since).days >= LONGEST:
            said = _("At most %(n)s days fit at once: these are the last ones. Choose a shorter time for the others.")
            return cls(name="own", first=until - timedelta(days=LONGEST - 1), last=until, problem=said % {"n": LONGEST})
        return cls(name="own", first=since, last=until)


def choices(span: Span, team: int) -> list[dict[str, object]]:
    """The usual stretches for components/segments.html."""
    return [
        {"label": label, "href": f"?team={team}&span={name}", "current": name == span.name}
        for name, label in NAMES.items()
    ]
