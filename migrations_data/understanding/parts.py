"""What the rows of a table are: data, or titles, totals, notes and blanks around them. One pass, whatever the length of the table."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.folding import fold
from migrations_data.models.rows import Part
from migrations_data.understanding import values
from migrations_data.understanding.marks import PAGES, TOTALS, TOTALS_BEGIN
from migrations_data.understanding.tables import Header, filled
from migrations_data.understanding.values import Unclear

SPARSE = 0.4
"""Up to which share of the usual cells a row at the end of a table may be a note."""
LONGEST_TAIL = 40
"""More sparse rows in a row are data of a sparse table."""
QUICK = 8
"""Cells of a row at which is looked first: two labels among them, and it adds up nothing."""
MOST = 0.8
NEAR = 0.02
"""By how much a total may differ from what it adds up, for rounding."""
Row = tuple[int, list[Any]]


@dataclass
class Shape:
    """How the data of a table usually look: how many cells are filled, how many of them are text (in the fuller rows: half of a report
    may be totals), what is never text, and the column that figures are added up in (-1 for none)."""

    usual: float = 0
    texts: float = 0
    figures: int = -1
    not_text: frozenset[int] = frozenset()
    head: tuple[str, ...] = ()


def shape_of(names: Sequence[Any], rows: Sequence[Row], decimal_marks: dict[int, str]) -> Shape:
    """The shape of a table out of its first rows behind the header. `decimal_marks` has the columns of numbers."""
    held = [filled(cells) for _number, cells in rows]
    held = [places for places in held if places]
    if not held:
        return Shape()
    texts = [sum(_is_label(cells[place]) for place in filled(cells)) for _number, cells in rows if filled(cells)]
    figures = max(decimal_marks, key=lambda place: _worth_adding(place, rows), default=-1)
    never = frozenset(
        place
        for place in decimal_marks
        if not any(place < len(cells) and _is_label(cells[place]) for _number, cells in rows[: len(rows) // 2])
    )
    head = tuple(values.text(name).casefold() for name in names)
    texts.sort()
    usual = statistics.median(len(places) for places in held)
    return Shape(usual, texts[len(texts) * 3 // 4], figures, never, head)


def _worth_adding(place: int, rows: Sequence[Row]) -> tuple[bool, int]:
    """Amounts with a fraction are what totals are of; else the column with the most figures."""
    cells = [cells[place] for _number, cells in rows if place < len(cells) and values.is_amount(cells[place])]
    return any(isinstance(cell, float) or (isinstance(cell, str) and {".", ","} & set(cell)) for cell in cells), len(
        cells
    )


def _is_label(cell: Any) -> bool:
    """Whether a cell is words, and no number, date or blank."""
    return isinstance(cell, str) and bool(values.text(cell)) and not values.is_amount(cell) and not values.is_day(cell)


def _is_wordy(cell: Any) -> bool:
    """A quick look that tells most labels: a text that begins with a letter and has no figures."""
    return isinstance(cell, str) and len(cell) > 1 and cell[0].isalpha() and cell[-1].isalpha()


@dataclass
class _Sum:
    """A row that may add up others: its figure, what the data rows before it came to, and how many those are."""

    number: int
    figure: float
    before: float
    rows: int
    sure: bool
    indented: bool


@dataclass
class Sorter:
    """Goes through the rows of a table in order and says of each that is not data what it is."""

    header: Header
    shape: Shape
    point: str = "."
    parts: dict[int, str] = field(default_factory=dict)
    _added: float = 0.0
    _sums: list[_Sum] = field(default_factory=list)
    _tail: list[tuple[int, list[int], list[Any], bool]] = field(default_factory=list)
    _blank: bool = False
    _data: int = 0

    def sort(self, rows: Iterable[Row]) -> dict[int, str]:
        """The rows that are not data, by number."""
        for number, cells in rows:
            part = self._part(number, cells)
            if part:
                self.parts[number] = part
            self._blank = part == Part.BLANK
        self._end()
        self._check_sums()
        return self.parts

    def _part(self, number: int, cells: list[Any]) -> str:
        places = filled(cells)
        if not places:
            return Part.BLANK
        if number < self.header.row:
            return Part.BANNER
        if self.header.row <= number <= self.header.last:
            return Part.HEADER
        if self._is_head(cells, places):
            return Part.NOTE
        if said := self._total(number, cells, places):
            return said
        if self._is_sparse(cells, places):
            self._tail.append((number, places, cells, self._blank))
            return Part.NOTE if self._is_line(cells, places) else ""
        self._tail.clear()
        self._data += 1
        self._add(cells)
        return ""

    def _is_head(self, cells: Sequence[Any], places: Sequence[int]) -> bool:
        """The header again, as printed pages have it, or the numbers of the columns below it."""
        head = self.shape.head
        if len(places) < 2:
            return False
        first = values.text(cells[places[0]]).casefold()
        again = places[0] < len(head) and first == head[places[0]]
        if not again and (self._data or first != "1"):
            return False
        own = [values.text(cells[place]).casefold() for place in places]
        if again:
            return own == [head[place] if place < len(head) else "" for place in places]
        return len(own) > 2 and own == [str(n) for n in range(1, len(own) + 1)]

    def _is_sparse(self, cells: Sequence[Any], places: Sequence[int]) -> bool:
        """Whether few cells hold something; one text in merged cells counts once."""
        said = len({str(cells[place]) for place in places})
        return self.shape.usual >= 3 and said <= max(1, SPARSE * self.shape.usual)

    def _is_line(self, cells: Sequence[Any], places: Sequence[int]) -> bool:
        """A line that stands alone where this table never has words, or that a printer put there."""
        first = cells[places[0]]
        if len(places) > 1 or not isinstance(first, str):
            return False
        return (places[0] in self.shape.not_text and _is_label(first)) or fold(first).startswith(PAGES)

    def _total(self, number: int, cells: Sequence[Any], places: Sequence[int]) -> str:
        """Whether a row adds up others: its words say so, or it has one label and figures where others have several words."""
        if sum(_is_wordy(cells[place]) for place in places[:QUICK]) > 1:
            return ""
        labels = [cells[place] for place in places if _is_label(cells[place])]
        if len(labels) > 1:
            return ""
        said = fold(labels[0]) if labels else ""
        named = said in TOTALS
        begins = said.startswith(TOTALS_BEGIN)
        if named and len(places) > 1:
            self._note_sum(number, cells, sure=True)
            return Part.TOTAL
        bare = len(labels) == 1 and self.shape.texts >= 2 and len(places) > 1
        nameless = not labels and self.shape.texts >= 1 and len(places) < self.shape.usual
        if begins or bare or nameless:
            self._note_sum(number, cells, sure=begins and self.shape.texts >= 2)
            return Part.TOTAL if self._sums and self._sums[-1].number == number else ""
        return ""

    def _note_sum(self, number: int, cells: Sequence[Any], *, sure: bool) -> None:
        figure = self._figure(cells)
        if figure is not None or sure:
            label = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
            self._sums.append(_Sum(number, figure or 0.0, self._added, self._data, sure, label.startswith("  ")))

    def _figure(self, cells: Sequence[Any]) -> float | None:
        if not 0 <= self.shape.figures < len(cells):
            return None
        try:
            return float(values.amount(cells[self.shape.figures], self.point))
        except Unclear:
            return None

    def _add(self, cells: Sequence[Any]) -> None:
        self._added += self._figure(cells) or 0.0

    def _end(self) -> None:
        """Sparse rows at the end are notes when they are no rows of this table: behind a blank row, out of the first columns, in
        sentences."""
        if not self._tail or len(self._tail) > LONGEST_TAIL:
            return
        first = min(places[0] for _number, places, _cells, _blank in self._tail)
        astray = len(self._tail) > 1 and any(places[0] > first for _number, places, _cells, _blank in self._tail)
        apart = False
        for number, places, cells, blank in self._tail:
            apart = apart or blank or astray or _is_sentence(cells[places[0]])
            label = cells[places[0]]
            if apart and (astray or places[0] > 0 or _is_sentence(label)):
                self.parts[number] = Part.NOTE

    def _check_sums(self) -> None:
        """Keep as totals those whose figure is what the rows below or above them come to; give the others back as data.

        Of rows that only look like totals nearly all must add up, and one at least several rows: small figures agree by chance.
        """
        ends = [(one.before, one.rows) for one in self._sums] + [(0.0, 0), (self._added, self._data)]
        spans = {one.number: _adds_up(one, ends) for one in self._sums if not one.sure}
        proved = sum(map(bool, spans.values())) >= MOST * len(spans) and max(spans.values(), default=0) > 1
        indented = proved and any(one.indented for one in self._sums if spans.get(one.number))
        for one in self._sums:
            if not (one.sure or (proved and spans[one.number]) or (indented and one.indented)):
                del self.parts[one.number]


def _adds_up(one: _Sum, ends: Sequence[tuple[float, int]]) -> int:
    """How many rows come to the figure, from here down to another total or from another one down to here; 0 when none do."""
    if not one.figure:
        return 0
    spans = [
        abs(rows - one.rows)
        for added, rows in ends
        if rows != one.rows and abs(abs(added - one.before) - abs(one.figure)) <= NEAR
    ]
    return max(spans, default=0)


def _is_sentence(cell: Any) -> bool:
    """Words that are no name: a sentence, or a label that ends in a colon."""
    if not isinstance(cell, str):
        return False
    bare = cell.strip()
    if "://" in bare or ". " in bare[3:]:
        return len(bare.split()) > 2
    return (bare.endswith((":", ".", "!", "…")) and len(bare.split()) > 1) or len(bare.split()) > 6
