"""Lists on their way out: a table of plain values as an Excel or CSV file, ready for a pivot table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone

from accounts.formats import NO_MINOR_UNITS
from crm.lists.cells import Money

KINDS = ("xlsx", "csv")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a text begins with it."""
LONGEST_CELL = 32_000
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """Headings and rows of plain values: texts, numbers, dates, instants and Money, which fills two columns."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def served(table: Table, kind: str) -> FileResponse:
    """The table as a download of that kind, written at once: in the reader's language and with the times of his zone."""
    written, content_type = (_csv(table), CSV) if kind == "csv" else (workbook([table], named=False), XLSX)
    return sent(written, f"{table.name}.{kind}", content_type)


def sent(written: IO[bytes], filename: str, content_type: str = XLSX) -> FileResponse:
    """A file that was just written, as a download that nothing keeps."""
    response = FileResponse(written, as_attachment=True, filename=filename, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv(table: Table) -> IO[bytes]:
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    text = TextIOWrapper(
        target, encoding="utf-8-sig", newline="", write_through=True
    )  # or Excel would take it for another encoding
    writer = csv.writer(text)
    writer.writerow([harmless(heading) for heading in table.headings])
    writer.writerows([_text(value) for value in spread(row)] for row in table.rows)
    text.detach()
    target.seek(0)
    return target


def harmless(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)


def spread(row: Iterable[Any]) -> Iterator[Any]:
    """The values of a row, an amount as its figure and its currency."""
    for value in row:
        if isinstance(value, Money):
            yield None if value.minor is None else _whole(value)
            yield None if value.minor is None else value.currency
        else:
            yield value


def _whole(money: Money) -> Decimal:
    return Decimal(money.minor or 0) / (1 if money.currency in NO_MINOR_UNITS else 100)


ROW_BY_ROW = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How workbooks are written: a large one costs no more memory than a small one, and a text stays a text."""


def workbook(tables: Iterable[Table], *, named: bool = True) -> IO[bytes]:
    """An Excel file with a sheet for each table, called like it when `named`."""
    target = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(target, ROW_BY_ROW)
    looks = _looks(book)
    for table in tables:
        _sheet(book.add_worksheet(table.name[:31] if named else None), table, looks)
    book.close()
    target.seek(0)
    return target


def _looks(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }


def _sheet(sheet: Any, table: Table, looks: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(table.headings) - 1, 20)
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, heading, looks["head"])
    for place, row in enumerate(table.rows, start=1):
        for column, value in enumerate(spread(row)):
            _cell(sheet, place, column, value, looks)


def _cell(sheet: Any, row: int, column: int, value: Any, looks: dict[str, Any]) -> None:
    """One value under its own type; a text stays a text, whatever it begins with."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.make_naive(value), looks["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), looks["day"])  # noqa: DTZ001
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), looks["money"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL])
