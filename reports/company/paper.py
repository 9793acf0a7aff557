"""The owner's screen on paper: the same blocks, figures, charts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports import printing
from reports.charts import Point
from reports.company.blocks import Block, Cell, Grid
from reports.company.screen import Screen


def document(screen: Screen) -> printing.Document:
    """A sheet that begins with what needs the owner."""
    title = _("Company, %(when)s") % {"when": _moment(screen)} if screen.shown else _("Company")
    blocks = [*_first(screen), *(part for block in screen.blocks for part in _block(block))]
    return printing.Document(title=title, subtitle=_("Everybody's figures as they were read then."), blocks=blocks)


def _moment(screen: Screen) -> str:
    """With its year: paper is read when "today" has long passed."""
    assert screen.shown is not None
    return date_format(timezone.localtime(screen.shown.reading.moment), "j F Y H:i")


def _first(screen: Screen) -> list[printing.Block]:
    alarms = [printing.Text(text=f"{block.title}: {block.alarm}") for block in screen.alarms]
    heading = [printing.Heading(text=_("What needs you"))] if alarms else []
    return [_figures(screen.strip), *heading, *alarms]


def _block(block: Block) -> Iterator[printing.Block]:
    yield printing.Heading(text=block.title)
    yield printing.Text(text=block.empty if block.is_empty else block.says)
    if block.facts:
        yield _figures(block.facts)
    yield from block.charts
    for grid in block.grids:
        yield _grid(grid)


def _figures(cells: list[Cell]) -> printing.Figures:
    return printing.Figures(
        figures=[printing.Figure(label=one.label, value=one.shown, note=one.note, tone=one.tone) for one in cells]
    )


def _grid(grid: Grid) -> printing.Grid:
    """The table without the columns of sparks, which say nothing on paper."""
    drawn = [
        place
        for place, (_name, _hidden) in enumerate(grid.columns)
        if not any(row.cells[place].trend for row in grid.rows)
    ]
    return printing.Grid(
        title=grid.title,
        headings=[grid.headings[0], *(grid.headings[place + 1] for place in drawn)],
        rows=[[row.name, *(_cell(row.cells[place]) for place in drawn)] for row in grid.rows],
        numbers=range(1, len(drawn) + 1),
    )


def _cell(cell: Cell) -> Point:
    return Point(label=cell.label, value=None, shown=cell.shown, tone=cell.tone)
