"""How the month stands against its plan, out of what a reading keeps: attainment, pace, what is needed a day, the likely result."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reports import formulas
from reports.shown import Shown


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Money in minor units of the company's currency; `elapsed` of `days` workdays lie behind."""

    won: int
    plan: int
    due: int
    low: int
    high: int
    elapsed: Decimal
    days: Decimal

    @classmethod
    def of(cls, shown: Shown) -> Outlook:
        """As the reading kept it; zeros where there is none."""
        said, working = shown.about.get("forecast", {}), shown.about.get("working", {})
        amounts = {key: int(said.get(key, 0)) for key in ("won", "plan", "due", "low", "high")}
        elapsed, days = (Decimal(str(working.get(key, 0))) for key in ("elapsed", "days"))
        return cls(**amounts, elapsed=elapsed, days=days)

    @property
    def going_on(self) -> Decimal | None:
        """What the month brings if it goes on like this; None while it is too young to tell."""
        return formulas.run_rate(self.won, self.elapsed, self.days) if self.elapsed >= formulas.FIRST_DAYS else None

    @property
    def by_pipeline(self) -> Decimal:
        """What is won, and what open deals promise for this month."""
        return Decimal(self.won) + self.due

    @property
    def reached(self) -> Decimal | None:
        return formulas.attainment(self.won, self.plan)

    @property
    def pace(self) -> Decimal | None:
        return formulas.pace(self.won, self.plan, self.elapsed, self.days)

    @property
    def expected(self) -> Decimal:
        """What the plan asks for by now."""
        return formulas.expected(self.plan, self.elapsed, self.days) or Decimal(0)

    @property
    def needed(self) -> Decimal | None:
        """What each workday left has to bring; None without a plan or without days left."""
        return formulas.needed_per_day(self.won, self.plan, self.elapsed, self.days) if self.plan else None

    @property
    def a_day(self) -> Decimal:
        """What a workday has brought so far."""
        return formulas.per_day(self.won, self.elapsed) or Decimal(0)

    def expected_on(self, day: int, today: int, last: int) -> Decimal:
        """What the plan asks for at the end of a day of the month: as by now today, the whole on the last, evenly in between."""
        if day <= today:
            return self.expected * day / today
        return self.expected + (self.plan - self.expected) * (day - today) / (last - today)
