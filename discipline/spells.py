"""An absence in words: whole local days or hours of one, as its person's clock shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """From `first` to `last`, both included; with `starts` and `ends` only these hours."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None

    @classmethod
    def of(cls, from_at: datetime, until_at: datetime, zone: str) -> Spell:
        starts, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (from_at, until_at))
        if starts.time() == ends.time() == time(0):
            return cls(starts.date(), ends.date() - ONE_DAY)
        return cls(starts.date(), ends.date(), starts.time(), ends.time())

    def __str__(self) -> str:
        """ "Tue 20 Oct", "Tue 20 Oct – Fri 23 Oct", "Tue 20 Oct, 09:00–12:00"; with the year where it is not the same in both."""
        style = "D j M" if self.first.year == self.last.year else "D j M Y"
        first, last = date_format(self.first, style), date_format(self.last, style)
        if self.starts is None or self.ends is None:
            return first if self.first == self.last else _("%(first)s – %(last)s") % {"first": first, "last": last}
        if self.first == self.last:
            return f"{first}, {self.starts:%H:%M}–{self.ends:%H:%M}"
        return f"{first} {self.starts:%H:%M} – {last} {self.ends:%H:%M}"
