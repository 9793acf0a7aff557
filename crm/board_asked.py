"""What somebody wants to see on the board: read from its address, and written back into addresses that can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.folding import words
from crm.models import DealStatus, Stage
from crm.models.search import matching

OVERDUE, BARE, COLD = "overdue", "bare", "cold"
PERIODS = {
    "month": _("Closes this month"),
    "next_month": _("Closes next month"),
    "quarter": _("Closes this quarter"),
    "overdue": _("Should have closed"),
}
LONGEST_SEARCH = 100
NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Asked:
    """Which funnel, whose deals, of which team and segment, closing when, found by which words; only those in need of something;
    which lane as a whole."""

    pipeline: int | None = None
    owner: int | None = None
    team: int | None = None
    segment: int | None = None
    close: str = ""
    q: str = ""
    only: str = ""
    whole: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From the address; what makes no sense there is left out."""
        only, close = query.get("only", ""), query.get("close", "")
        return cls(
            pipeline=_key(query.get("pipeline", "")),
            owner=_key(query.get("owner", "")),
            team=_key(query.get("team", "")),
            segment=_key(query.get("segment", "")),
            close=close if close in PERIODS else "",
            q=_search(query.get("q", "")),
            only=only if only in (OVERDUE, BARE, COLD) else "",
            whole=query.get("whole", ""),
        )

    def url(self, **changes: Any) -> str:
        """The address that asks the same with `changes`."""
        query = urlencode({name: value for name, value in {**vars(self), **changes}.items() if value})
        return f"{reverse('crm:deal-board')}?{query}" if query else reverse("crm:deal-board")

    @property
    def narrowed(self) -> bool:
        """Whether less than the whole funnel is asked for."""
        return bool(self.owner or self.team or self.segment or self.close or self.q or self.only)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _search(text: str) -> str:
    """A search that has at least one word in it."""
    asked = " ".join(text.replace("\x00", "").split())[:LONGEST_SEARCH]
    return asked if words(asked) else ""


def found_by(asked: Asked) -> Q:
    """Deals whose title or company has the words."""
    return matching(asked.q) if asked.q else Q()


def closing(period: str, today: date) -> Q:
    """Deals that are expected to close in a period; "overdue" are the open ones whose day has passed."""
    if not period:
        return Q()
    if period == "overdue":
        return Q(status=DealStatus.OPEN, expected_close__lt=today)
    first = today.replace(day=1)
    if period == "next_month":
        first = _next_month(first)
    if period == "quarter":
        first = first.replace(month=3 * ((today.month - 1) // 3) + 1)
    last = _next_month(_next_month(_next_month(first))) if period == "quarter" else _next_month(first)
    return Q(expected_close__gte=first, expected_close__lt=last)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def local_day(now: datetime) -> date:
    return timezone.localtime(now).date()


def cold(stages: Iterable[Stage], now: datetime) -> Q:
    """Open deals that stay in one of these stages for longer than it allows."""
    condition = NOBODY
    for stage in stages:
        condition |= Q(stage=stage.pk, stage_since__lte=now - timedelta(days=stage.cold_after_days + 1))
    return Q(status=DealStatus.OPEN) & condition


def needing(only: str, stages: Iterable[Stage], now: datetime) -> Q:
    """Those in need of something: a next step that has passed, none at all, or too long in one place."""
    if only == OVERDUE:
        return Q(status=DealStatus.OPEN, next_task_due__lt=now)
    if only == BARE:
        return Q(status=DealStatus.OPEN, next_task_due__isnull=True)
    return cold(stages, now) if only == COLD else Q()
