"""Cells joined into one: a file has their value once, at the top left; here the other places get it where a table means it.

A name that spans rows stands for each of them. One that spans columns is the upper line of a header when the row has only words
and more than this one cell; alone in its row it is a banner, and beside figures a wide cell of data: filling those in would
count them twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from migrations_data.reading.cells import Row

Range = tuple[tuple[int, int], tuple[int, int]]
"""Top left and bottom right, rows and columns from 0, both within."""
HEADERS_WITHIN = 40
"""Rows in which a header may stand."""


@dataclass
class _Joined:
    last_row: int
    first: int
    last: int
    text: str
    banner: bool


def filled(rows: Iterable[Row], ranges: Sequence[Range]) -> Iterator[Row]:
    """The rows, with joined cells filled in."""
    waiting = sorted(ranges, reverse=True)
    open_now: list[_Joined] = []
    for number, cells, extras in rows:
        place = number - 1
        open_now = [one for one in open_now if one.last_row >= place]
        while waiting and waiting[-1][0][0] <= place:
            (top, first), (bottom, last) = waiting.pop()
            text = cells[first] if top == place and first < len(cells) else ""
            if isinstance(text, str) and text.strip() and bottom >= place:
                open_now.append(_Joined(bottom, first, last, text, _alone(cells, first, last)))
        if open_now:
            _fill(place, cells, open_now)
        yield number, cells, extras


def _alone(cells: Sequence[Any], first: int, last: int) -> bool:
    return all(cell in ("", None) for place, cell in enumerate(cells) if not first <= place <= last)


def _fill(place: int, cells: list[Any], open_now: Sequence[_Joined]) -> None:
    words = place < HEADERS_WITHIN and all(isinstance(cell, str) for cell in cells)
    for one in open_now:
        if one.first != one.last and (one.banner or not words):
            continue
        for column in range(one.first, min(one.last + 1, len(cells))):
            if cells[column] in ("", None):
                cells[column] = one.text
