"""The sums with which a pivot table opens, gathered while its rows go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crm.exports.table import Missed, Pivot, whole
from crm.lists.cells import Money

MOST = 5_000
"""A pivot table with more sums than this is left to the spreadsheet."""


class Groups:
    """Sums by what stands down and across. The sheet puts each row's values into `seen`, by column, and then calls `add`.

    Only a table of one heading down and at most one across is summed here; others the spreadsheet draws when it opens.
    """

    def __init__(self, pivot: Pivot | None, headings: Sequence[str]) -> None:
        self.sums: dict[tuple[str, str], Any] = defaultdict(int)
        self.seen: dict[int, Any] = {}
        self._down = self._across = self._figure = -1
        if pivot is not None and len(pivot.rows) == 1 and len(pivot.columns) <= 1:
            self._down = headings.index(pivot.rows[0])
            self._across = headings.index(pivot.columns[0]) if pivot.columns else -1
            self._figure = headings.index(pivot.values) if pivot.values else -1
            self.seen = dict.fromkeys(place for place in (self._down, self._across, self._figure) if place >= 0)

    @property
    def drawn(self) -> bool:
        """Whether the sums are all here."""
        return 0 < len(self.sums) < MOST

    def add(self) -> None:
        """Count the row whose values were seen last."""
        if self.seen and len(self.sums) < MOST:
            seen = self.seen
            key = (_word(seen[self._down]), _word(seen[self._across]) if self._across >= 0 else "")
            self.sums[key] += _amount(seen[self._figure]) if self._figure >= 0 else 1


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _amount(value: Any) -> Any:
    if isinstance(value, Money):
        return 0 if value.minor is None else whole(value.minor, value.currency)
    inner = value.value if isinstance(value, Missed) else value
    return Decimal(str(inner)) if isinstance(inner, int | float | Decimal) else 0
