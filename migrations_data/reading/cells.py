"""Rows of a sheet on their way out of a file, and what stands beside the values of a row."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Row = tuple[int, list[Any], dict[str, Any] | None]
"""The number that a table program shows, the cells from column A on, and what a cell cannot hold."""
Sheet = tuple[str, bool, Iterator[Row]]
"""Name, hidden or not, rows that hold anything."""

_REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})$")


@dataclass
class Mark:
    """What a file says about a row beside its values: texts for cells whose value a reader leaves out, by column from 0."""

    texts: dict[int, str] = field(default_factory=dict)
    formulas: list[int] = field(default_factory=list)
    comments: dict[int, str] = field(default_factory=dict)
    colours: list[str] = field(default_factory=list)
    hidden: bool = False

    @property
    def holds(self) -> bool:
        """Whether there is anything to keep of this row even when it has no values."""
        return bool(self.texts or self.comments)

    def extras(self) -> dict[str, Any] | None:
        """The same as it is kept: {"comment", "colour", "hidden", "formulas"}, each only where there is one."""
        found: dict[str, Any] = {}
        if self.comments:
            found["comment"] = "; ".join(f"{letters(place)}: {text}" for place, text in sorted(self.comments.items()))
        if self.colours:
            found["colour"] = Counter(self.colours).most_common(1)[0][0]
        if self.hidden:
            found["hidden"] = True
        if self.formulas:
            found["formulas"] = [letters(place) for place in sorted(self.formulas)]
        return found or None

    def put(self, cells: list[Any]) -> None:
        """Write the texts into cells that are empty."""
        for place, text in self.texts.items():
            if place >= len(cells):
                cells.extend([""] * (place + 1 - len(cells)))
            if cells[place] in ("", None):
                cells[place] = text


Marks = dict[int, Mark]
"""By the number of the row."""


def mark(marks: Marks, number: int) -> Mark:
    """The mark of a row, made when there is none."""
    return marks.setdefault(number, Mark())


def letters(place: int) -> str:
    """The name of a column counted from 0: 0 -> A, 26 -> AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def place_of(reference: str) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of a cell: "B5" -> (5, 1)."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    place = 0
    for letter in found[1].upper():
        place = place * 26 + ord(letter) - 64
    return int(found[2]), place - 1


def plain(value: Any) -> Any:
    """A cell as JSON can carry it: dates in ISO form, whole numbers without ".0", everything else as it was."""
    if value.__class__ is dt.date:  # first, because there are many
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(timespec="seconds")
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value


def whole(cells: list[Any]) -> list[Any]:
    """Cells with their whole numbers as such. One comprehension: this is done for every cell of every file."""
    return [
        (int(cell) if -1e15 < cell < 1e15 and cell.is_integer() else cell) if cell.__class__ is float else cell
        for cell in cells
    ]
