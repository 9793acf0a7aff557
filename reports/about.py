"""What a reading keeps of the company as a whole: how the control itself is doing, and how far the month has come."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from crm.models import CompanySettings
from discipline.models import CalendarDay, DayKind, TeamPolicy
from discipline.models.calendars import working_week
from discipline.upkeep import Upkeep
from reports import formulas
from reports.figures.sums import Sums
from reports.moments import Span


def company(sums: Sums, span: Span, *, live: bool) -> dict[str, Any]:
    """The `about` of the company's row, from its own sums. How the jobs run can only be asked now (`live`), not of a past morning."""
    elapsed, days = workdays(span)
    return {
        "working": {"elapsed": elapsed, "days": days},
        "forecast": _forecast(sums, elapsed, days),
        **({"health": _health(span)} if live else {}),
    }


def workdays(span: Span) -> tuple[int, int]:
    """How many workdays of the month are over, and how many it has, by the calendar that most teams work by."""
    count = Counter(TeamPolicy.objects.on(span.day).values_list("calendar", flat=True))
    calendar = max(count, key=lambda name: (count[name], name), default="")
    special = {
        row.day: row.kind
        for row in CalendarDay.objects.ever_approved().filter(
            calendar=calendar, day__range=(span.first, span.last), approved_at__lte=span.moment
        )
        if row.removed_at is None or row.removed_at > span.moment
    }
    month = [span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)]
    worked = [day for day in month if _works(day, special.get(day))]
    return sum(day < span.day for day in worked), len(worked)


def _works(day: date, special: str | None) -> bool:
    usual = day.isoweekday() in working_week()
    return usual if special in (None, DayKind.SHORT) else special == DayKind.WORKDAY


def _forecast(sums: Sums, elapsed: int, days: int) -> dict[str, Any]:
    """The range in minor units of the company's currency, with what it was worked out from."""
    currency = CompanySettings.current().currency
    plan, won, due = (sums.whole(key).minor.get(currency, 0) for key in ("plan", "won", "deals_due"))
    low, high = formulas.forecast_range(won, elapsed, days, due)
    return {"currency": currency, "plan": plan, "won": won, "due": due, "low": round(low), "high": round(high)}


def _health(span: Span) -> dict[str, Any]:
    upkeep = Upkeep(span.moment)
    return {
        "waiting": upkeep.waiting,
        "dead": upkeep.dead,
        "findings": len(upkeep.findings),
        "silent": sum(bool(beat["silent"]) for beat in upkeep.beats),
        "broken": int(upkeep.verification is not None and not upkeep.verification.chain_whole),
    }
