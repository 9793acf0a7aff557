"""An answer as a table: flat, with a column for each thing it is divided by, or folding, each row before what it opens into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts import formats
from reports.builder import Answer, Cell, Header
from reports.builder.cells import Path

MOST_CELLS, FEWEST_LINES = 3000, 30
"""So many cells are drawn; the file has all."""
Linked = Callable[[Cell, bool], str]
"""The address of the records behind a cell; with True of those that it is compared with."""


@dataclass(frozen=True)
class Box:
    """A cell as it is drawn: the figure and its list; what it was before, with that list; how it changed."""

    shown: str
    href: str
    before: str = ""
    before_href: str = ""
    change: str = ""
    direction: str = ""
    is_total: bool = False
    column: str = ""


@dataclass(frozen=True)
class Line:
    """A row: what stands at its beginning, its place in the tree, its cells."""

    names: Sequence[str]
    id: str
    parent: str
    level: int
    opens: bool
    boxes: Sequence[Box]


@dataclass(frozen=True)
class Head:
    """A heading over one or more columns. `id` is that of a group that folds, `column` of one within a group."""

    label: str
    span: int = 1
    id: str = ""
    column: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Column:
    """A column of figures: its path among the answer's columns, and the group that it folds into."""

    path: Path
    label: str
    group: str = ""
    is_total: bool = False


class Grid:
    """The table of an answer. `folds` keeps the totals of each level and lets rows and columns open and close."""

    def __init__(self, answer: Answer, linked: Linked, *, folds: bool) -> None:
        self.answer, self.folds = answer, folds
        self._linked = linked

    # --- columns ---

    @cached_property
    def columns(self) -> list[Column]:
        """Those of the leaves, each group followed by its total, and the total of all at the end."""
        if not self.answer.columns:
            return [Column((), str(self.answer.figure.label))]
        return [*self._leaves_and_totals(), Column((), _("Total"), is_total=True)]

    def _leaves_and_totals(self) -> list[Column]:
        if not self.has_groups:
            return [Column(one.path, one.label) for one in self.answer.columns]
        columns: list[Column] = []
        for place, group in enumerate(self._groups, start=1):
            children = [one for one in self.answer.columns if one.depth == 1 and one.parent == group.path]
            columns += [Column(one.path, one.label, group=f"g{place}") for one in children]
            columns.append(Column(group.path, _("Total"), is_total=True))
        return columns

    @property
    def has_groups(self) -> bool:
        return len(self.answer.column_dimensions) > 1

    @property
    def _groups(self) -> list[Header]:
        return [one for one in self.answer.columns if one.depth == 0]

    @cached_property
    def groups(self) -> list[Head]:
        """The upper row of headings where columns stand in groups; none else."""
        if not self.has_groups:
            return []
        spans = [
            sum(1 for one in self.columns if one.group == f"g{place}") + 1 for place in range(1, len(self._groups) + 1)
        ]
        heads = [Head(one.label, spans[place], f"g{place + 1}") for place, one in enumerate(self._groups)]
        return [*heads, Head("", is_total=True)]

    @property
    def heads(self) -> list[Head]:
        return [Head(one.label, column=one.group, is_total=one.is_total) for one in self.columns]

    @property
    def corners(self) -> list[str]:
        """What stands above the beginnings of the rows."""
        labels = [str(one.label) for one in self.answer.row_dimensions]
        return [" / ".join(labels)] if self.folds else labels

    # --- rows ---

    @property
    def is_bare(self) -> bool:
        """Whether nothing is divided: the figure alone says it all."""
        return not self.answer.row_dimensions and not self.answer.column_dimensions

    @cached_property
    def lines(self) -> list[Line]:
        ids: dict[Path, str] = {}
        lines = []
        for place, row in enumerate(self._shown, start=1):
            ids[row.path] = f"r{place}"
            names = (
                [row.label]
                if self.folds
                else [self._label(row.path[: depth + 1], row) for depth in range(len(row.path))]
            )
            opens = self.folds and row.has_children
            parent = ids.get(row.parent, "") if self.folds else ""
            lines.append(
                Line(names, ids[row.path], parent, row.depth if self.folds else 0, opens, self._boxes(row.path))
            )
        return lines

    @property
    def _rows(self) -> list[Header]:
        return self.answer.rows if self.folds else self.answer.leaves

    @property
    def _shown(self) -> list[Header]:
        return self._rows[: max(FEWEST_LINES, MOST_CELLS // len(self.columns))]

    @property
    def not_drawn(self) -> int:
        """So many rows are only in the file."""
        return len(self._rows) - len(self._shown)

    @cached_property
    def totals(self) -> Sequence[Box]:
        """The last line: the totals of the columns."""
        return self._boxes(())

    def _label(self, path: Path, row: Header) -> str:
        return row.label if path == row.path else self._labels[path]

    @cached_property
    def _labels(self) -> dict[Path, str]:
        return {one.path: one.label for one in self.answer.rows}

    def _boxes(self, row: Path) -> list[Box]:
        return [self._box(self.answer.cell(row, one.path), one) for one in self.columns]

    def _box(self, cell: Cell, column: Column) -> Box:
        if cell.is_empty:
            return Box(formats.DASH, "", is_total=column.is_total, column=column.group)
        compared = self.answer.compares
        return Box(
            shown=cell.shown,
            href=self._linked(cell, False) if cell.count else "",
            before=cell.shown_before if compared else "",
            before_href=self._linked(cell, True) if compared and cell.count_before else "",
            change=cell.change if compared else "",
            direction=cell.direction if compared else "",
            is_total=column.is_total,
            column=column.group,
        )
