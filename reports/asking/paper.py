"""A report on paper: its figure, its picture, its table."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from reports import printing
from reports.asking.grid import Box, Grid
from reports.asking.opened import Opened

MOST_LINES = 200


def document(shown: Opened) -> printing.Document:
    """What is printed of an answer."""
    figure = printing.Figure(label=shown.figure, value=shown.total, note=shown.before or shown.counted)
    blocks: list[printing.Block] = [printing.Figures(figures=[figure])]
    if shown.has_picture:
        blocks.append(shown.chart)
    if shown.answer and not shown.answer.is_empty:
        blocks.append(_table(shown.grid))
    blocks += [printing.Text(text=note) for note in shown.notes]
    when = formats.when(timezone.localtime(shown.at), now=shown.at)
    whose = _("as %(who)s sees it, %(when)s") % {"who": shown.user, "when": when}
    return printing.Document(title=shown.title, subtitle=f"{shown.says} · {whose}", blocks=blocks)


def _table(grid: Grid) -> printing.Grid:
    first = len(grid.corners) or 1
    rows = [[*_names(line.names, line.level), *map(_cell, line.boxes)] for line in grid.lines[:MOST_LINES]]
    return printing.Grid(
        headings=[*(grid.corners or [""]), *(_heading(grid, place) for place in range(len(grid.columns)))],
        rows=rows,
        numbers=range(first, first + len(grid.columns)),
        total=[_("Total"), *([""] * (first - 1)), *map(_cell, grid.totals)],
    )


def _names(names: object, level: int) -> list[str]:
    return [f"{'    ' * level}{name}" for name in names]  # type: ignore[attr-defined]


def _heading(grid: Grid, place: int) -> str:
    """The heading of a column; one of a group says the group too."""
    column = grid.columns[place]
    group = ", ".join(grid.answer.labels(column.path[:1], columns=True)) if grid.has_groups and column.path else ""
    return f"{group}: {column.label}" if group else column.label


def _cell(box: Box) -> str:
    return f"{box.shown} ({box.before})" if box.before else box.shown
