"""What a client bought in the last twelve months against the twelve before, month by month, in each currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import formats
from crm.models import PurchaseKind
from crm.standing import State

YEAR = 12
FALLEN = 0.3
"""Who buys less by this share than a year ago is about to be lost."""
BAR_HEIGHT = 28


def figures(months: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The figures of each currency. A shipment is what a client bought; where the accounts send none, what he paid counts."""
    listed = [row for row in months if 0 <= row["ago"] < 2 * YEAR]
    shipped = any(row["kind"] == PurchaseKind.SHIPMENT for row in listed)
    counted = PurchaseKind.SHIPMENT if shipped else PurchaseKind.PAYMENT
    sums: dict[str, list[int]] = {}
    for row in listed:
        if row["kind"] == counted:
            sums.setdefault(row["currency"], [0] * (2 * YEAR))[row["ago"]] += int(row["total"])
    return [_figure(currency, by_month) for currency, by_month in sorted(sums.items(), key=lambda item: -sum(item[1]))]


def _figure(currency: str, by_month: Sequence[int]) -> dict[str, Any]:
    """The last year against the one before, and its months as bars, the oldest first."""
    recent, earlier = sum(by_month[:YEAR]), sum(by_month[YEAR:])
    change = (recent - earlier) / earlier if earlier > 0 else None
    months = list(reversed(by_month[:YEAR]))
    said = ", ".join(formats.money_short(month, currency) for month in months)
    return {
        "sum": formats.money(_whole(recent, currency), currency),
        "before": formats.money(_whole(earlier, currency), currency),
        "trend": _trend(change),
        "bars": _bars(months),
        "label": _("By month, the oldest first: %(sums)s") % {"sums": said},
    }


def _trend(change: float | None) -> State:
    if change is None:
        return {}
    shown = formats.percent(abs(change))
    if change <= -FALLEN:
        return {"tone": "bad", "icon": "trending-down", "word": _("Falling, %(n)s less") % {"n": shown}}
    if change < 0:
        return {"tone": "watch", "icon": "trending-down", "word": _("%(n)s less") % {"n": shown}}
    return {"tone": "good", "icon": "trending-up", "word": _("%(n)s more") % {"n": shown}}


def _bars(months: Sequence[int]) -> list[dict[str, int]]:
    """Places and heights of the bars; a month in which more came back than went out has none."""
    top = max(*months, 1)
    heights = [round(BAR_HEIGHT * month / top) if month > 0 else 0 for month in months]
    drawn = [max(height, 2) if month > 0 else 1 for height, month in zip(heights, months, strict=True)]
    return [{"x": index * 10, "y": BAR_HEIGHT - height, "height": height} for index, height in enumerate(drawn)]


def _whole(minor: int, currency: str) -> int:
    """Without the small change, which says nothing in a sum of a year."""
    return minor if currency in formats.NO_MINOR_UNITS else round(minor / 100) * 100
