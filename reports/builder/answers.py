"""The answer to a report: its rows and columns as trees, each cell with every total, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from accounts.policy import Use
from reports.builder import trees
from reports.builder.cells import Cell, Path, Place, Tally
from reports.builder.definition import Definition
from reports.builder.naming import Names
from reports.builder.parts import Dimension, Figure
from reports.builder.question import Question
from reports.builder.statement import Group, groups
from reports.builder.trees import Header


@dataclass
class Answer:
    """`rows` and `columns` are in the order of a table, each before its children; `cell(row, column)` gives any of them, totals
    under (). `left_out` rows are not shown for the limit, though the totals have them; `truncated` says that there were more cells
    than are read: those that are shown, and the totals, are exact all the same."""

    question: Question
    rows: list[Header]
    columns: list[Header]
    cells: Mapping[tuple[Path, Path], Cell]
    truncated: bool = False
    left_out: int = 0

    @property
    def definition(self) -> Definition:
        return self.question.definition

    @property
    def figure(self) -> Figure:
        return self.question.figure

    @property
    def row_dimensions(self) -> list[Dimension]:
        return self.question.rows_by

    @property
    def column_dimensions(self) -> list[Dimension]:
        return self.question.columns_by

    @property
    def compares(self) -> bool:
        return self.question.earlier is not None

    def cell(self, row: Path = (), column: Path = ()) -> Cell:
        """The cell of a row and a column; one without records where there are none."""
        return self.cells.get((row, column)) or Cell(self.figure, Place(row, column))

    @property
    def total(self) -> Cell:
        return self.cell()

    @property
    def is_empty(self) -> bool:
        return self.total.is_empty

    @cached_property
    def leaves(self) -> list[Header]:
        """The rows that do not open."""
        return [one for one in self.rows if one.depth == len(self.row_dimensions) - 1]

    @cached_property
    def column_leaves(self) -> list[Header]:
        """The columns that do not open."""
        return [one for one in self.columns if one.depth == len(self.column_dimensions) - 1]

    @cached_property
    def currencies(self) -> list[str]:
        """The currencies that occur, the company's own first; none for what is no money."""
        return [currency for currency in {**self.total.values, **self.total.values_before} if currency]

    @cached_property
    def _labels(self) -> dict[tuple[bool, Path], str]:
        down = {(False, one.path): one.label for one in self.rows}
        return down | {(True, one.path): one.label for one in self.columns}

    def labels(self, path: Path, *, columns: bool = False) -> list[str]:
        """A whole path in words, from the outermost on."""
        parts = (path[:depth] for depth in range(1, len(path) + 1))
        return [self._labels.get((columns, part), part[-1]) for part in parts]


def answer(definition: Definition, user: Any, at: datetime, use: Use = Use.READ) -> Answer:
    """What the reader gets for a definition, in his own scope: two statements at most. Raises DefinitionWrong."""
    question = Question(definition, user, at, use)
    found = groups(question)
    names = Names(question, found.found)
    cells = _cells(question, found.found, names)
    rows, left_out = trees.rows(question, cells, names)
    columns = trees.columns(question, cells, names)
    return Answer(question, rows, columns, cells, truncated=found.truncated, left_out=left_out)


def _cells(question: Question, found: Sequence[Group], names: Names) -> dict[tuple[Path, Path], Cell]:
    """The cells by their paths. A record with several values counts in the cell of each, and in every total once."""
    cells: dict[tuple[Path, Path], Cell] = {}
    height = len(question.rows_by)
    for group in found:
        for row in _paths(group.rows, names, 0):
            for column in _paths(group.columns, names, height):
                cell = cells.setdefault((row, column), Cell(question.figure, Place(row, column)))
                side = cell.before if group.before else cell.now
                side.setdefault(group.currency, Tally()).add(group.count, group.known, group.total)
    return cells


def _paths(values: Sequence[Any], names: Names, first: int) -> list[Path]:
    return list(product(*(names.under(first + place, value) for place, value in enumerate(values))))
