"""Personal plans: what a person is to reach of a figure in a stretch of days, and which part of it falls on a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from discipline.metrics import figure_key
from discipline.models import Plan
from discipline.timetable import Timetable
from discipline.windows import Window

CENT = Decimal("0.01")


class PlanBook:
    """The plans of some people, read in one statement; of several for one stretch the last recorded holds."""

    def __init__(self, plans: Iterable[Plan], timetable: Timetable) -> None:
        self._plans: dict[tuple[int, str], list[Plan]] = defaultdict(list)
        self._timetable = timetable
        for plan in plans:
            self._plans[plan.user_id, figure_key(plan.metric, plan.parameters)].append(plan)

    @classmethod
    def of(cls, windows: Iterable[Window], timetable: Timetable) -> PlanBook:
        listed = list(windows)
        if not listed:
            return cls((), timetable)
        first, last = min(one.day for one in listed) - timedelta(days=6), max(one.day for one in listed)
        people = {one.person_id for one in listed}
        return cls(Plan.objects.filter(user__in=people, first__lte=last, last__gte=first), timetable)

    def share(self, window: Window, figure: str, first: date) -> Decimal | None:
        """What falls on the days from `first` to the window's: each plan's target by its workdays among these days.

        Only plans recorded before the window opened count. None without a plan.
        """
        known: dict[tuple[date, date], Plan] = {}
        for plan in self._plans[window.person_id, figure]:
            if plan.recorded_at <= window.opens and plan.first <= window.day and plan.last >= first:
                known[plan.first, plan.last] = plan
        shares = [self._part(plan, first, window) for plan in known.values()]
        return sum(shares, Decimal(0)).quantize(CENT) if shares else None

    def _part(self, plan: Plan, first: date, window: Window) -> Decimal:
        """The target's part by workdays, as the calendar was known when the window opened."""

        def workdays(since: date, until: date) -> int:
            return self._timetable.workdays(plan.user_id, since, until, known=window.opens)

        whole = workdays(plan.first, plan.last)
        part = workdays(max(first, plan.first), min(window.day, plan.last))
        return plan.target * part / whole if whole else Decimal(0)
