"""The company's clock: which day a moment belongs to, and where its month, quarter and year begin."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from accounts.models import Role, User
from crm.when import MIDNIGHT, end_of_day, local_day, wall
from discipline.windows import NEXT_STEP_DAYS

ZONE = "Europe/Warsaw"
"""The zone of a company without an owner."""


def company_zone() -> str:
    """The zone in which the company counts its days: that of its first owner."""
    first = User.objects.active().filter(role=Role.OWNER).order_by("pk").values_list("zone", flat=True).first()
    return first or ZONE


@dataclass(frozen=True)
class Span:
    """A moment and the stretches that it lies in, as days and instants of one zone; what is to come lies behind `moment`."""

    moment: datetime
    zone: str

    @cached_property
    def day(self) -> date:
        return local_day(self.moment, self.zone)

    @property
    def first(self) -> date:
        """The first day of the month."""
        return self.day.replace(day=1)

    @property
    def last(self) -> date:
        """The last day of the month."""
        return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])

    def start(self, day: date) -> datetime:
        """The instant at which a day begins."""
        return wall(day, MIDNIGHT, self.zone)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """What the statements of figures may ask for, by name: instants, and `day`, `first`, `last`, `year_ago` and
        `years_ago` as dates."""
        return {
            "moment": self.moment,
            "zone": self.zone,
            "day": self.day,
            "first": self.first,
            "last": self.last,
            "today": self.start(self.day),
            "tomorrow": end_of_day(self.day, self.zone),
            "month": self.start(self.first),
            "next_step_until": end_of_day(self.day + timedelta(days=NEXT_STEP_DAYS), self.zone),
            "year_ago": self.day - timedelta(days=365),
            "years_ago": self.day - timedelta(days=730),
            "days_30": self.moment - timedelta(days=30),
            "days_90": self.moment - timedelta(days=90),
            "days_180": self.moment - timedelta(days=180),
            "days_365": self.moment - timedelta(days=365),
            "days_730": self.moment - timedelta(days=730),
        }
