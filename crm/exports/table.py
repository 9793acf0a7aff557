"""What goes out: a table of plain values under headings, and the pivot table that is made ready over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from accounts.formats import NO_MINOR_UNITS
from crm.lists.cells import Money

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a text begins with it."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, 0.25 for 25 %."""

    share: Decimal | float | None


@dataclass(frozen=True, slots=True)
class Missed:
    """A value that broke its rule: red in a workbook, and marked beside the colour."""

    value: Any


@dataclass(frozen=True)
class Pivot:
    """Which headings go down, which across and whose numbers are summed; without `values` the rows are counted."""

    rows: Sequence[str]
    columns: Sequence[str] = ()
    values: str = ""


@dataclass(frozen=True)
class Table:
    """Headings and rows of plain values: texts, numbers, dates, instants, Percent, Missed, and Money, which fills two columns.

    Where there are as many headings as values, each amount gets one more for its currency. A workbook sums all columns of Money, and the numbers under the headings in `sums`. `pivot` gives it one more sheet.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    sums: Collection[str] = ()
    pivot: Pivot | None = None


def with_currencies(table: Table) -> Table:
    """The table with a heading for every column, those of currencies too; its rows have begun to be read."""
    rows = iter(table.rows)
    first = next(rows, None)
    if first is None:
        return replace(table, rows=())
    headings = list(table.headings)
    if len(headings) == len(first):
        pairs = zip(headings, first, strict=True)
        headings = [
            one for head, value in pairs for one in ((head, _("Currency")) if isinstance(value, Money) else (head,))
        ]
    return replace(table, headings=headings, rows=chain([first], rows))


def harmless(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def spread(row: Iterable[Any]) -> Iterator[Any]:
    """The values of a row without their wrapping, an amount as its figure and its currency."""
    for value in row:
        if isinstance(value, Money):
            yield None if value.minor is None else whole(value.minor, value.currency)
            yield None if value.minor is None else value.currency
        elif isinstance(value, Percent):
            yield value.share
        elif isinstance(value, Missed):
            yield value.value
        else:
            yield value


def whole(minor: int, currency: str) -> Decimal:
    """An amount in minor units as people count it."""
    return Decimal(minor) / (1 if currency in NO_MINOR_UNITS else 100)


def unique(headings: Sequence[str]) -> list[str]:
    """The headings with every one different, as pivot tables want them: the second "Currency" becomes "Currency 2"."""
    taken: set[str] = set()
    made = []
    for place, heading in enumerate(headings, start=1):
        name, number = heading or str(place), 2
        while name.casefold() in taken:
            name, number = f"{heading or place} {number}", number + 1
        taken.add(name.casefold())
        made.append(name)
    return made
