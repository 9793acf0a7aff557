"""Tables as a workbook, a sheet each. A large one costs no more memory than a small one, and a text stays a text."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from crm.exports import pivot_parts
from crm.exports.pivot import Ready, over
from crm.exports.sheet import LONGEST_CELL, Sheet
from crm.exports.table import Table

__all__ = ["LONGEST_CELL", "ROW_BY_ROW", "workbook"]

ROW_BY_ROW = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How workbooks are written: each row leaves the memory as soon as the next one begins."""
LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""What the name of a sheet may not have."""


def workbook(tables: Iterable[Table]) -> IO[bytes]:
    """An Excel file with a sheet for each table, called like it, and one more for the pivot table over it where it has one."""
    target = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with TemporaryDirectory() as folder:  # also when a row cannot be read, nothing of it stays
        book = xlsxwriter.Workbook(target, {**ROW_BY_ROW, "tmpdir": folder})
        pivots = _sheets(book, tables)
        book.close()
    return pivot_parts.put_in(target, pivots)


def _sheets(book: Any, tables: Iterable[Table]) -> list[Ready]:
    """Write every sheet; what is returned still has to be put into the file."""
    looks = _looks(book)
    names: set[str] = set()
    pivots: list[Ready] = []
    for table in tables:
        name = sheet_name(table.name, names)
        sheet = Sheet(book.add_worksheet(name), table, looks)
        sheet.write()
        if table.pivot is not None and sheet.rows:
            page = book.add_worksheet(sheet_name(_("Pivot"), names))
            pivots.append(over(table.pivot, sheet, name, page, looks))
    return pivots


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that every table program takes, once in the workbook; it is added to `taken`."""
    bare = name.translate(FORBIDDEN).strip(" '")[:LONGEST_NAME].strip(" '") or "-"
    found, number = bare, 2
    while found.casefold() in taken:
        found, number = f"{bare[: LONGEST_NAME - 4]} {number}", number + 1
    taken.add(found.casefold())
    return found


def _looks(book: Any) -> dict[str, Any]:
    sum_line = {"bold": True, "top": 1}
    red = {"bg_color": "#FDE8E7", "font_color": "#B92B27"}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "percent": book.add_format({"num_format": "0.0%"}),
        "missed": book.add_format({**red, "num_format": 'General" ✗"'}),
        "total": book.add_format(sum_line),
        "total money": book.add_format({**sum_line, "num_format": "#,##0.00"}),
        "bold": book.add_format({"bold": True}),
        "bold money": book.add_format({"bold": True, "num_format": "#,##0.00"}),
        "faint": book.add_format({"font_color": "#566072"}),
    }
