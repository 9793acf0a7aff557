"""Workbooks: every sheet and every row that has anything in it, as plain values.

python-calamine reads zipped workbooks of all kinds, strict ones and those with a wrong used range among them. Old binary ones
(.xls) are read by xlrd, because calamine once returned every amount of such a file as a date.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from migrations_data.reading.limits import TooMuch
from migrations_data.reading.text import guess_code_page

Row = tuple[int, list[Any]]
Sheet = tuple[str, bool, Iterator[Row]]
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def zipped(path: Path) -> Iterator[Sheet]:
    """Name, hidden or not, and rows of each sheet of an .xlsx, .xlsm, .xlsb or .ods."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        for about in book.sheets_metadata:
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            yield about.name, about.visible != calamine.SheetVisibleEnum.Visible, _calamine_rows(sheet)
    except calamine.PasswordError as error:
        raise TooMuch("password") from error
    except calamine.CalamineError as error:
        raise TooMuch("broken") from error


def _calamine_rows(sheet: Any) -> Iterator[Row]:
    if sheet.start is None:
        return
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), sheet.start[0] + 1):
        cells = [plain(cell) for cell in row]
        if any(cell not in ("", None) for cell in cells):
            yield number, cells


def binary(path: Path) -> Iterator[Sheet]:
    """The same for an .xls. Without a code page in the file, the one in which its words read best."""
    import xlrd

    content = path.read_bytes()
    if ENCRYPTED in content:
        raise TooMuch("password")
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=sys.stderr)
        if book.biff_version < 80 and not book.codepage:
            book = xlrd.open_workbook(
                file_contents=content, on_demand=True, logfile=sys.stderr, encoding_override=_code_page(book)
            )
        for index, name in enumerate(book.sheet_names()):
            sheet = book.sheet_by_index(index)
            yield name, bool(sheet.visibility), _xlrd_rows(book, sheet)
            book.unload_sheet(index)
    except xlrd.XLRDError as error:
        raise TooMuch("password" if "encrypted" in str(error).lower() else "broken") from error
    except (
        AssertionError,
        IndexError,
        KeyError,
        ValueError,
        OverflowError,
    ) as error:  # what xlrd meets in broken files
        raise TooMuch("broken") from error


def _code_page(book: Any) -> str:
    words = [
        cell.value.encode(book.encoding, errors="ignore")
        for sheet in book.sheets()
        for row in sheet.get_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    return guess_code_page(b" ".join(words))


def _xlrd_rows(book: Any, sheet: Any) -> Iterator[Row]:
    import xlrd

    for number in range(sheet.nrows):
        cells: list[Any] = []
        for cell in sheet.row(number):
            if cell.ctype == xlrd.XL_CELL_DATE:
                cells.append(plain(_moment(cell.value, book.datemode)))
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                cells.append(bool(cell.value))
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                cells.append(xlrd.error_text_from_code.get(cell.value, "#ERROR!"))
            else:
                cells.append(plain(cell.value))
        if any(cell != "" for cell in cells):
            yield number + 1, cells


def _moment(value: float, datemode: int) -> Any:
    from xlrd.xldate import XLDateError, xldate_as_datetime

    try:
        return xldate_as_datetime(value, datemode)
    except (XLDateError, OverflowError, ValueError):
        return value


def plain(value: Any) -> Any:
    """A cell as JSON can carry it: dates in ISO form, whole numbers without ".0", everything else as it was."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value
