"""Zipped workbooks: every sheet and every row that has anything in it.

python-calamine reads all kinds of them, strict ones and those with a wrong used range among them. What it leaves out (errors,
formulas without a value, comments, colours, hidden rows) comes from `markup` and is put beside its values.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from migrations_data.reading import markup, merges, opendocument
from migrations_data.reading.cells import Marks, Row, Sheet, whole
from migrations_data.reading.limits import TooMuch


def zipped(path: Path, *, fill: bool = True) -> Iterator[Sheet]:
    """The sheets of an .xlsx, .xlsm, .xlsb or .ods; `fill` says whether joined cells are filled in. Raises TooMuch."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        with zipfile.ZipFile(path) as archive:
            marks_of = _marks(archive)
            for about in book.sheets_metadata:
                if about.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                marks, joined = marks_of(about.name)
                rows = _rows(sheet, marks)
                joined = sheet.merged_cell_ranges or joined
                if fill and joined:
                    rows = merges.filled(rows, joined)
                yield about.name, about.visible != calamine.SheetVisibleEnum.Visible, rows
                del sheet, rows
    except calamine.PasswordError as error:
        raise TooMuch("sealed") from error
    except calamine.CalamineError as error:
        raise TooMuch("broken") from error


def _marks(archive: zipfile.ZipFile) -> Any:
    """What gives the marks and joined cells of a sheet by its name, for this kind of workbook."""
    names = set(archive.namelist())
    if "content.xml" in names:
        return opendocument.Book(archive).marks
    if "xl/workbook.bin" in names:
        return lambda name: ({}, [])
    return markup.Book(archive).marks


def _rows(sheet: Any, marks: Marks) -> Iterator[Row]:
    """The rows of a sheet in order, those without values that have a mark with something in it too."""
    number = 0
    if sheet.start is not None:
        left = [""] * sheet.start[1]
        width = sheet.width
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if marks and number in marks:
                yield from _marked(number, left + cells, marks)
            elif cells.count("") != width:
                yield number, left + whole(cells) if left else whole(cells), None
    for below in sorted(place for place in marks if place > number):
        yield from _marked(below, [], marks)


def _marked(number: int, cells: list[Any], marks: Marks) -> Iterator[Row]:
    one = marks[number]
    one.put(cells)
    if one.holds or any(cell != "" for cell in cells):
        yield number, whole(cells), one.extras()
