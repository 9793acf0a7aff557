"""One table on its sheet: typed cells row by row, and what is only known at the end: widths, filter, totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name

from crm.exports import totals
from crm.exports.groups import Groups
from crm.exports.table import Missed, Percent, Table, unique, whole, with_currencies
from crm.lists.cells import Money

LONGEST_CELL = 32_000
MEASURED = 1_000
"""So many rows decide how wide the columns are."""
NARROWEST, WIDEST = 8, 60
FIRST_YEAR = 1901
LENGTHS: dict[type, int] = {date: 10, datetime: 16, Percent: 7}


class Sheet:
    """A table being written. Afterwards it knows its headings, how many rows there were, and the sums by column."""

    def __init__(self, page: Any, table: Table, looks: dict[str, Any]) -> None:
        table = with_currencies(table)
        self.page, self.table, self.looks = page, table, looks
        self.headings = unique(table.headings)
        self.rows = 0
        self.currencies: dict[int, Counter[str]] = {}
        self.sums: dict[int, Any] = {n: 0 for n, name in enumerate(table.headings) if name in table.sums}
        self.groups = Groups(table.pivot, self.headings)
        self._widths = [len(heading) + 4 for heading in self.headings]
        self._writers: dict[type, Callable[[int, int, Any], Any]] = {
            str: self._string, int: self._number, float: self._number, bool: self._yes, Decimal: self._decimal,
            date: self._day, datetime: self._moment, Percent: self._percent, Missed: self._missed,
        }  # fmt: skip

    def write(self) -> None:
        """Write the head, every row and the totals."""
        self._head()
        for row in self.table.rows:
            self.rows += 1
            self._row(row)
            self.groups.add()
        for column, width in enumerate(self._widths):
            self.page.set_column(column, column, min(max(width, NARROWEST), WIDEST))
        if self.rows:
            self.page.autofilter(0, 0, self.rows, len(self.headings) - 1)
            totals.write(self)

    def span(self, column: int) -> str:
        """The cells of a column below its heading: "C2:C101"."""
        name = xl_col_to_name(column)
        return f"{name}2:{name}{self.rows + 1}"

    def _head(self) -> None:
        self.page.freeze_panes(1, 1)
        for column, heading in enumerate(self.headings):
            self.page.write_string(0, column, heading, self.looks["head"])

    def _row(self, row: Sequence[Any]) -> None:
        place, column, writers, watched = self.rows, 0, self._writers, self.groups.seen
        measured = place <= MEASURED
        for value in row:
            if column in watched:
                watched[column] = value
            if isinstance(value, Money):
                self._money(place, column, value)
                column += 2
                continue
            if value is not None and value != "":
                writers.get(type(value), self._other)(place, column, value)
                if column in self.sums:
                    self._add(column, value)
                if measured:
                    self._measure(column, value)
            column += 1

    def _measure(self, column: int, value: Any) -> None:
        if isinstance(value, str):
            length = max(map(len, value.split("\n"))) if "\n" in value else len(value)
        elif isinstance(value, int | float | Decimal):
            length = len(f"{value:,}")
        else:
            length = LENGTHS.get(type(value)) or len(str(value))
        if length + 2 > self._widths[column]:
            self._widths[column] = length + 2

    def _add(self, column: int, value: Any) -> None:
        inner = value.value if isinstance(value, Missed) else value
        if isinstance(inner, int | float | Decimal):
            self.sums[column] += Decimal(str(inner)) if isinstance(inner, float) else inner

    # --- cells, each under its own type ---

    def _money(self, row: int, column: int, money: Money) -> None:
        if money.minor is None:
            return
        amount = whole(money.minor, money.currency)
        self.page.write_number(row, column, float(amount), self.looks["money"])
        self.page.write_string(row, column + 1, money.currency)
        self.currencies.setdefault(column, Counter())[money.currency] += money.minor
        if row <= MEASURED:
            self._measure(column, amount)

    def _string(self, row: int, column: int, value: Any) -> None:
        self.page.write_string(row, column, value[:LONGEST_CELL])

    def _number(self, row: int, column: int, value: Any) -> None:
        self.page.write_number(row, column, value)

    def _yes(self, row: int, column: int, value: Any) -> None:
        self.page.write_boolean(row, column, value)

    def _decimal(self, row: int, column: int, value: Any) -> None:
        self.page.write_number(row, column, float(value), self.looks["money"])

    def _moment(self, row: int, column: int, value: Any) -> None:
        self._dated(row, column, timezone.make_naive(value), "moment")

    def _day(self, row: int, column: int, value: Any) -> None:
        self._dated(row, column, datetime(value.year, value.month, value.day), "day")  # noqa: DTZ001

    def _dated(self, row: int, column: int, value: datetime, look: str) -> None:
        """Before 1900 there are no days in a workbook: such a one stays a text."""
        if value.year < FIRST_YEAR:
            self.page.write_string(row, column, value.date().isoformat())
        else:
            self.page.write_datetime(row, column, value, self.looks[look])

    def _percent(self, row: int, column: int, value: Any) -> None:
        if value.share is not None:
            self.page.write_number(row, column, float(value.share), self.looks["percent"])

    def _missed(self, row: int, column: int, value: Any) -> None:
        inner = value.value
        if isinstance(inner, int | float | Decimal):
            self.page.write_number(row, column, float(inner), self.looks["missed"])
        else:
            self.page.write_string(row, column, f"{inner or ''} ✗".strip(), self.looks["missed"])

    def _other(self, row: int, column: int, value: Any) -> None:
        """A type's heir (a word of a list of choices, a lazy text) is written like its ancestor."""
        for kind, write in self._writers.items():
            if isinstance(value, kind):
                return write(row, column, value)
        return self._string(row, column, str(value))
