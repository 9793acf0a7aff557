"""Old binary workbooks (.xls), read by xlrd: calamine once returned every amount of such a file as a date."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from migrations_data.reading import colours, merges
from migrations_data.reading.cells import Marks, Row, Sheet, mark, whole
from migrations_data.reading.limits import TooMuch
from migrations_data.reading.text import guess_code_page

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FORMATS_UP_TO = 20_000_000
"""Larger files are read without colours and joined cells, which take as much memory as the values."""


def binary(path: Path, *, fill: bool = True) -> Iterator[Sheet]:
    """The sheets of an .xls. Without a code page in the file, the one in which its words read best. Raises TooMuch."""
    import xlrd
    from xlrd.compdoc import CompDocError

    content = path.read_bytes()
    if ENCRYPTED in content:
        raise TooMuch("password")
    try:
        book = _open(content)
        for index, name in enumerate(book.sheet_names()):
            sheet = book.sheet_by_index(index)
            rows = _rows(book, sheet, _marks(book, sheet))
            if fill and sheet.merged_cells:
                rows = merges.filled(rows, [((a, c), (b - 1, d - 1)) for a, b, c, d in sheet.merged_cells])
            yield name, bool(sheet.visibility), rows
            book.unload_sheet(index)
    except xlrd.XLRDError as error:
        raise TooMuch("password" if "encrypted" in str(error).lower() else "broken") from error
    except (
        CompDocError,
        AssertionError,
        IndexError,
        KeyError,
        ValueError,
        OverflowError,
    ) as error:  # what xlrd meets in broken files
        raise TooMuch("broken") from error


def _open(content: bytes) -> Any:
    import xlrd

    words = {"file_contents": content, "on_demand": True, "logfile": sys.stderr}
    words["formatting_info"] = len(content) < FORMATS_UP_TO
    book = xlrd.open_workbook(**words)
    if book.biff_version < 80 and not book.codepage:
        return xlrd.open_workbook(**words, encoding_override=_code_page(book))
    return book


def _code_page(book: Any) -> str:
    words = [
        cell.value.encode(book.encoding, errors="ignore")
        for sheet in book.sheets()
        for row in sheet.get_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    return guess_code_page(b" ".join(words))


def _marks(book: Any, sheet: Any) -> Marks:
    marks: Marks = {}
    for (row, column), note in sheet.cell_note_map.items():
        if note.text.strip():
            mark(marks, row + 1).comments[column] = " ".join(note.text.split())
    for row, about in sheet.rowinfo_map.items():
        if about.hidden:
            mark(marks, row + 1).hidden = True
    for row in range(sheet.nrows if book.formatting_info else 0):
        for column, style in enumerate(sheet._cell_xf_indexes[row]):
            name = _colour(book, style) if sheet.cell_type(row, column) not in (0, 6) else ""
            if name:
                mark(marks, row + 1).colours.append(name)
    return marks


def _colour(book: Any, style: int | None) -> str:
    if style is None or style >= len(book.xf_list):
        return ""
    behind = book.xf_list[style].background
    rgb = book.colour_map.get(behind.pattern_colour_index) if behind.fill_pattern == 1 else None
    return colours.name_of(*rgb) if rgb else ""


def _rows(book: Any, sheet: Any, marks: Marks) -> Iterator[Row]:
    for number in range(1, sheet.nrows + 1):
        cells = _cells(book, sheet.row_types(number - 1), sheet.row_values(number - 1))
        one = marks.get(number)
        if any(cell != "" for cell in cells) or (one and one.holds):
            yield number, whole(cells), one.extras() if one else None
    for number in sorted(number for number, one in marks.items() if number > sheet.nrows and one.holds):
        yield number, [], marks[number].extras()


def _cells(book: Any, types: Any, values: Any) -> list[Any]:
    import xlrd

    cells = list(values)
    for place, kind in enumerate(types):
        if kind == xlrd.XL_CELL_DATE:
            cells[place] = _moment(cells[place], book.datemode)
        elif kind == xlrd.XL_CELL_BOOLEAN:
            cells[place] = bool(cells[place])
        elif kind == xlrd.XL_CELL_ERROR:
            cells[place] = xlrd.error_text_from_code.get(cells[place], "#ERROR!")
    return cells


def _moment(value: float, datemode: int) -> Any:
    from xlrd.xldate import XLDateError, xldate_as_datetime

    try:
        return xldate_as_datetime(value, datemode) if value >= 1 else (xldate_as_datetime(value, datemode)).time()
    except (XLDateError, OverflowError, ValueError):
        return value
