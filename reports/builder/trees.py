"""Rows and columns in the order of a table: each before its children, sorted as asked, empty stretches of time between others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.builder import times
from reports.builder.cells import Cell, Path
from reports.builder.naming import Names
from reports.builder.periods import DAY
from reports.builder.question import Question

Cells = Mapping[tuple[Path, Path], Cell]


@dataclass(frozen=True)
class Header:
    """A row or a column: its keys from the outermost dimension on, what it is called, how deep it stands, whether it opens."""

    path: Path
    label: str
    depth: int
    has_children: bool

    @property
    def key(self) -> str:
        return self.path[-1]

    @property
    def parent(self) -> Path:
        return self.path[:-1]


def rows(question: Question, cells: Cells, names: Names) -> tuple[list[Header], int]:
    """The rows, and how many of the outermost were left out for the limit."""
    children = _children({down for down, across in cells if not across}, question, question.rows_by)
    key = _by_figure(question, cells, names)
    top = sorted(children[()], key=key)
    limit = question.definition.limit
    left_out = len(top) - limit if 0 < limit < len(top) else 0
    children[()] = top[: len(top) - left_out]
    return list(_walked((), children, key, lambda path: names.label(len(path) - 1, path[-1]))), left_out


def columns(question: Question, cells: Cells, names: Names) -> list[Header]:
    """The columns, always in their usual order."""
    height = len(question.rows_by)
    children = _children({across for down, across in cells if not down}, question, question.columns_by)
    usual = _usual(names, height)
    return list(_walked((), children, usual, lambda path: names.label(height + len(path) - 1, path[-1])))


def _children(paths: set[Path], question: Question, dimensions: list[Any]) -> dict[Path, list[Path]]:
    children: dict[Path, list[Path]] = defaultdict(list)
    if dimensions and dimensions[0].is_time:
        until = None if question.by.ahead else question.today + DAY
        known = {path[0] for path in paths if path}
        between = times.keys_between(dimensions[0].unit, question.stretch, until)
        children[()] += [(key,) for key in between if key not in known and known]
    for path in paths:
        if path:
            children[path[:-1]].append(path)
    return children


def _walked(
    parent: Path, children: Mapping[Path, list[Path]], key: Callable[[Path], Any], label: Callable[[Path], str]
) -> Iterator[Header]:
    for path in sorted(children.get(parent, ()), key=key):
        yield Header(path, label(path), len(path) - 1, path in children)
        yield from _walked(path, children, key, label)


def _usual(names: Names, first: int) -> Callable[[Path], Any]:
    return lambda path: names.order(first + len(path) - 1, path[-1])


def _by_figure(question: Question, cells: Cells, names: Names) -> Callable[[Path], Any]:
    """How rows are sorted: by their figure, those without one last, else as usual or by name."""
    sort, usual = question.definition.sort, _usual(names, 0)
    if sort == "label":
        return lambda path: (path[-1] == "", names.label(len(path) - 1, path[-1]).casefold())
    if not sort:
        return usual
    sign = -1 if sort.startswith("-") else 1

    def key(path: Path) -> Any:
        cell = cells.get((path, ()))
        value = cell.value if cell else None
        return (value is None, sign * value if value is not None else 0, usual(path))

    return key
