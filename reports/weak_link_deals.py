"""The deals behind a share of a weak link: as many as it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts import formats
from crm.models import Deal
from reports import weak_links
from reports.models.visits import Outcome
from reports.weak_link_page import Cell, WeakLinks, counted, days
from reports.weak_links import Share, Visit


@dataclass(frozen=True, kw_only=True)
class Row:
    """A deal's stay at the stage. The title only of a deal that the reader may open."""

    title: str
    url: str
    entered_at: datetime
    stayed: str
    outcome: str
    passed: bool
    amount: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The stays of one period, with the share that they make and the address of the other period."""

    period: int
    rows: list[Row]
    share: Share

    @property
    def of(self) -> str:
        return counted(self.share)

    @property
    def other(self) -> int:
        return 1 - self.period


def read(page: WeakLinks, cell: Cell, period: int) -> Listed:
    """Two statements: the stays, and the names of the deals."""
    found = weak_links.visits(page.keys, cell.person.pk, cell.stage.pk, period, page.now)
    known = Deal.objects.visible_to(page.user).filter(pk__in={one.deal for one in found})
    titles: dict[int, str] = dict(known.values_list("pk", "title"))
    share = Share(sum(one.passed for one in found), len(found))
    return Listed(period=period, rows=[_row(one, titles) for one in found], share=share)


def _row(one: Visit, titles: dict[int, str]) -> Row:
    return Row(
        title=titles.get(one.deal, ""),
        url=reverse("crm:deal", args=[one.deal]) if one.deal in titles else "",
        entered_at=one.entered_at,
        stayed=days(one.left_at - one.entered_at) if one.left_at else "",
        outcome=_outcome(one),
        passed=one.passed,
        amount=formats.money(one.amount_minor, one.currency or "EUR"),
    )


def _outcome(one: Visit) -> Any:
    return Outcome(one.outcome).label if one.outcome else ""
