"""Where tables lie on a sheet: which rows name the columns, and which tables stand side by side or one below the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.folding import fold
from migrations_data.understanding import values
from migrations_data.understanding.marks import PIVOT
from migrations_data.understanding.nouns import ALL

Rows = Sequence[tuple[int, list[Any]]]
HEADER_WITHIN = 25
LOOKED_AT = 60
"""Rows behind a header that show whether it takes two rows and which columns are empty."""
ENOUGH_KNOWN = 0.5
"""From which share of known headers a row in the middle of a sheet begins another table."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё])")
_KNOWN_HEADERS = frozenset(word for kind in ALL.values() for field in kind.fields.values() for word in field.words)


def header_words(header: str) -> str:
    """A header folded, with its words apart: "IDKlienta" -> "id klienta", "close_value" -> "close value", "Name_x0020_1" -> "name 1"."""
    return fold(_CAMEL.sub(" ", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), header)))


@dataclass(frozen=True)
class Header:
    """The rows with the names of the columns: the number of the first (0: there is none) and how many they are."""

    row: int
    rows: int = 1

    @property
    def last(self) -> int:
        return self.row + self.rows - 1 if self.row else 0


def header_of(rows: Rows) -> Header:
    """The header of a sheet, which may take two rows."""
    row = header_row(rows)
    place = next((place for place, (number, _cells) in enumerate(rows) if number == row), None)
    if place is None:
        return Header(0)
    if place + 1 < len(rows) and rows[place + 1][0] == row + 1 and _goes_on(rows[place][1], rows[place + 1][1]):
        return Header(row, 2)
    if place and rows[place - 1][0] == row - 1 and _is_above(rows[place - 1][1], rows[place][1]):
        return Header(row - 1, 2)
    return Header(row)


def header_row(rows: Rows) -> int:
    """The number of the row with the names of the columns; 0 when there is none.

    The one among the first rows with the most known headers; without any, the first that is mostly text and as wide as the rest.
    """
    first = rows[:HEADER_WITHIN]
    if not first:
        return 0
    width = max(len(cells) for _number, cells in rows[: HEADER_WITHIN * 2])
    known = {number: known_in(cells) if width == 1 or len(filled(cells)) > 1 else 0 for number, cells in first}
    best = max(known.values())
    if best:
        return next(number for number, _cells in first if known[number] == best)
    return next((number for number, cells in first if _mostly_text(cells, width)), 0)


def known_in(cells: Sequence[Any]) -> int:
    """How many of the cells are headers that Daybook knows; one that is repeated counts once."""
    return len({words for cell in cells if isinstance(cell, str) and (words := header_words(cell)) in _KNOWN_HEADERS})


def filled(cells: Sequence[Any]) -> list[int]:
    """The places of the cells that hold something."""
    return [
        place
        for place, cell in enumerate(cells)
        if cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())
    ]


def names_of(header: Header, rows: Rows) -> list[Any]:
    """The names of the columns; those of a header in two rows are joined: "Amount / net"."""
    by_number = dict(rows)
    upper = by_number.get(header.row, [])
    if header.rows == 1:
        return list(upper)
    lower = by_number.get(header.row + 1, [])
    names = []
    for place in range(max(len(upper), len(lower))):
        above, below = _group(upper, lower, place), values.text(_at(lower, place))
        names.append(above if not below or below == above else f"{above} / {below}" if above else below)
    return names


def _group(upper: Sequence[Any], lower: Sequence[Any], place: int) -> str:
    """What stands above a column: its own cell, or the last one before it that spreads over it."""
    while place > 0 and not values.text(_at(upper, place)) and values.text(_at(lower, place)):
        place -= 1
        if not values.text(_at(lower, place)) and values.text(_at(upper, place)):
            break
    return values.text(_at(upper, place))


def _at(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if place < len(cells) else ""


def _goes_on(upper: Sequence[Any], lower: Sequence[Any]) -> bool:
    """Whether the row below a header names parts of its columns: text under groups only, and nothing that reads as data."""
    below = [place for place in filled(lower) if values.text(_at(lower, place)) != values.text(_at(upper, place))]
    if not below or not _all_text(lower):
        return False
    return len(set(_texts(upper))) > 1 and all(_spreads(upper, place) for place in below)


def _is_above(upper: Sequence[Any], lower: Sequence[Any]) -> bool:
    """Whether the row above a header groups its columns: several texts, at least one of them over two columns or more."""
    texts = _texts(upper)
    if len(set(texts)) < 2 or not _all_text(upper):
        return False
    alone = [place for place in filled(upper) if not _spreads(upper, place)]
    same = all(values.text(_at(upper, place)) == values.text(_at(lower, place)) for place in alone)
    return same and all(values.text(_at(lower, place)) for place in filled(upper))


def _spreads(upper: Sequence[Any], place: int) -> bool:
    """Whether the cell above belongs to a group: it is empty behind a filled one, or says the same as its neighbour."""
    here = values.text(_at(upper, place))
    if not here:
        return any(values.text(cell) for cell in upper[:place])
    after, before = values.text(_at(upper, place + 1)), values.text(_at(upper, place - 1)) if place else ""
    return here in (before, after) or (not after and place + 1 < len(upper))


def _texts(cells: Sequence[Any]) -> list[str]:
    return [values.text(cells[place]) for place in filled(cells)]


def _all_text(cells: Sequence[Any]) -> bool:
    return all(isinstance(cells[place], str) and not _is_data(cells[place]) for place in filled(cells))


def _is_data(cell: str) -> bool:
    return values.is_amount(cell) or values.is_day(cell) or values.holds_mail(cell)


def _mostly_text(cells: Sequence[Any], width: int) -> bool:
    held = [cells[place] for place in filled(cells)]
    texts = [cell for cell in held if isinstance(cell, str) and not _is_data(cell)]
    mails = any(isinstance(cell, str) and "@" in cell for cell in held)
    return len(held) >= max(1, width * 0.6) and len(texts) >= len(held) * 0.8 and not mails


def begins_another(rows: Rows, first: Sequence[Any], *, gap: int) -> int:
    """The number of the header among rows that follow `gap` blank ones, when they begin another table; else 0.

    `first` is the header of the table above: the same one again is no other table. What nobody knows as a header must differ
    clearly: text alone behind two blank rows, with figures below it.
    """
    same = [header_words(values.text(cell)) for cell in first]
    for place, (number, cells) in enumerate(rows[:-1]):
        held = filled(cells)
        words = [header_words(values.text(cell)) for cell in cells]
        if words[: len(same)] == same[: len(words)] and len(held) > 1:
            return 0
        known = known_in(cells)
        if known >= 2 and known >= ENOUGH_KNOWN * len(held) and _all_text(cells):
            return number
        below = rows[place + 1][1]
        if gap > 1 and len(held) > 1 and _all_text(cells) and any(_is_figure(_at(below, one)) for one in held):
            return number
        if len(held) > 2:
            return 0
    return 0


def _is_figure(cell: Any) -> bool:
    return not isinstance(cell, str) and cell is not None and not isinstance(cell, bool)


def side_by_side(header: Header, rows: Rows) -> list[tuple[int, int]]:
    """The tables beside each other, as (first column, column behind the last); one when the columns belong together.

    Between two tables every cell is empty. The right one must have headers of its own, or be a pivot table: columns apart from
    others for looks alone belong together.
    """
    below = [cells for number, cells in rows if number >= header.row][:LOOKED_AT]
    width = max((len(cells) for cells in below), default=0)
    used = {place for cells in below for place in filled(cells)}
    blocks = _runs(used, width)
    if len(blocks) < 2:
        return [(0, width)]
    tables = [(0, blocks[0][1])]
    for start, end in blocks[1:]:
        if _stands_alone(below, tables[-1], (start, end)):
            tables.append((start, end))
        else:
            tables[-1] = (tables[-1][0], end)
    return tables


def _runs(used: set[int], width: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in range(width):
        if place in used:
            runs.append((place, place + 1) if not runs or runs[-1][1] < place else (runs.pop()[0], place + 1))
    return runs


def _stands_alone(rows: Sequence[Sequence[Any]], left: tuple[int, int], right: tuple[int, int]) -> bool:
    if any(is_pivot(cells[slice(*right)]) for cells in rows[:HEADER_WITHIN]):
        return True
    if right[1] - right[0] < 2 or left[1] - left[0] < 2:
        return False
    heads = [[cells[slice(*block)] for cells in rows[:5]] for block in (left, right)]
    best = [max(block, key=known_in) for block in heads]
    shared = {header_words(values.text(cell)) for cell in best[0]} & {
        header_words(values.text(cell)) for cell in best[1]
    } - {""}
    own = [known_in(cells) >= max(2, ENOUGH_KNOWN * len(filled(cells))) for cells in best]
    return all(own) and (len(shared) >= 1 or not _same_height(rows, left, right))


def _same_height(rows: Sequence[Sequence[Any]], left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether both blocks are filled in the very same rows, as parts of one table are."""
    return all(bool(filled(cells[slice(*left)])) == bool(filled(cells[slice(*right)])) for cells in rows)


def is_pivot(cells: Sequence[Any]) -> bool:
    """Whether these are the headers that table programs write above a pivot table."""
    texts = [fold(cell) for cell in cells if isinstance(cell, str)]
    return any(text.startswith(PIVOT) for text in texts)
