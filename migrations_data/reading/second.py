"""A second reader beside the first: `python -m migrations_data.reading.second FILE LIMITS` prints what they do not agree on.

One line: `{"compared": code, "differences": [...], "lost": whether the first has fewer cells}`. Zipped workbooks are read by openpyxl,
old binary ones by calamine. Filled cells and sums are compared by sheet and column; formulas without a value and errors, which readers
tell in their own ways, are left out.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrations_data.reading import archives, books, old
from migrations_data.reading.cells import Row, Sheet, letters
from migrations_data.reading.limits import Limits, TooMuch
from migrations_data.reading.process import confine

ZIP = b"PK\x03\x04"
SHEETS_UP_TO = 12_000_000
"""Inflated bytes of all sheets (openpyxl takes a second for four million of them) beyond which nothing is compared."""
OLD_UP_TO = 20_000_000
MOST_TOLD = 200
NEAR = 1e-9


@dataclass
class Column:
    """What is in a column: how many cells are filled, and the numbers. A day counts with its number in the calendar."""

    filled: int = 0
    numbers: list[float] = field(default_factory=list)

    def add(self, cell: Any) -> None:
        self.filled += 1
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            self.numbers.append(cell)
        elif isinstance(cell, dt.date):
            self.numbers.append(cell.toordinal())

    @property
    def total(self) -> float:
        return round(math.fsum(number for number in self.numbers if math.isfinite(number)), 6)


def main(path: str, given: str) -> None:
    """Compare and print; whatever goes wrong only means that nothing was compared."""
    limits = confine(given)
    try:
        said = compare(Path(path), limits)
    except TooMuch:
        said = {"compared": "unreadable"}
    except Exception as error:  # readers break in their own ways; the first one has the word
        sys.stderr.write(type(error).__name__)
        said = {"compared": "unreadable"}
    sys.stdout.write(json.dumps(said))


def compare(path: Path, limits: Limits) -> dict[str, Any]:
    """What the two readers make of a file."""
    with path.open("rb") as file:
        zipped = file.read(4) == ZIP
    if not zipped:
        if path.stat().st_size > OLD_UP_TO:
            return {"compared": "large"}
        return _told(_sums(old.binary(path, fill=False)), _sums(_calamine(path)))
    archives.check(path, limits)
    names, size = archives.sheets(path)
    if "xl/workbook.xml" not in names:
        return {"compared": "format"}
    if size > SHEETS_UP_TO:
        return {"compared": "large"}
    other = _sums(sheets(path))
    if not other:
        return {"compared": "format"}
    return _told(_sums(books.zipped(path, fill=False)), other)


def sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of an .xlsx as openpyxl reads them."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield sheet.title, sheet.sheet_state != "visible", _rows(sheet)


def _rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(cell not in ("", None) for cell in cells):
            yield number, ["" if cell is None else cell for cell in cells], None


def _calamine(path: Path) -> Iterator[Sheet]:
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_path(str(path))
    for about in book.sheets_metadata:
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            left = [""] * (sheet.start[1] if sheet.start else 0)
            rows = sheet.iter_rows() if sheet.start else ()
            yield about.name, False, ((number, left + cells, None) for number, cells in enumerate(rows, 1))


def _sums(found: Iterator[Sheet]) -> dict[str, dict[int, Column]]:
    told: dict[str, dict[int, Column]] = {}
    for name, _hidden, rows in found:
        columns = told.setdefault(name, {})
        for _number, cells, _extras in rows:
            for place, cell in enumerate(cells):
                if cell not in ("", None) and not _apart(cell):
                    columns.setdefault(place, Column()).add(cell)
    return told


def _apart(cell: Any) -> bool:
    return isinstance(cell, str) and (not cell.strip() or cell[0] in "=#")


def _told(first: dict[str, dict[int, Column]], other: dict[str, dict[int, Column]]) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    lost = more = False
    for name in [*first, *(name for name in other if name not in first)]:
        ours, theirs = first.get(name, {}), other.get(name, {})
        for place in sorted({*ours, *theirs}):
            a, b = ours.get(place, Column()), theirs.get(place, Column())
            if a.filled != b.filled or not math.isclose(a.total, b.total, rel_tol=NEAR, abs_tol=1e-6):
                lost, more = lost or a.filled < b.filled, more or a.filled > b.filled
                sides = {"filled": [a.filled, b.filled], "sum": [a.total, b.total]}
                found.append({"sheet": name, "column": letters(place), **sides})
    said = "differ" if found else "agree"
    return {"compared": said, "differences": found[:MOST_TOLD], "lost": lost and not more}


if __name__ == "__main__":
    main(*sys.argv[1:3])
