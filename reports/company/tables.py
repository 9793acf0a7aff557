"""The owner's screen as a workbook: a sheet for each block, every figure with its team, stage or reason in a row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.exports import Percent, Pivot, Table
from crm.exports.table import whole
from crm.lists.cells import Money
from reports.company.blocks import Block, Cell
from reports.company.screen import Screen


def tables(screen: Screen) -> list[Table]:
    """One for each block that has anything to say."""
    return [_sheet(block) for block in screen.blocks if not block.is_empty]


def _sheet(block: Block) -> Table:
    of, figure, value = _("Of"), _("Figure"), _("Value")
    return Table(
        name=block.title,
        headings=[figure, of, value, _("Unit"), _("Records"), _("As it reads")],
        rows=list(_rows(block)),
        pivot=Pivot(rows=[of], columns=[figure], values=value) if block.grids else None,
    )


def _rows(block: Block) -> Iterator[list[Any]]:
    for fact in block.facts:
        yield [fact.label, "", *_value(fact)]
    for grid in block.grids:
        for row in grid.rows:
            for heading, cell in zip(grid.headings[1:], row.cells, strict=True):
                name = f"{row.name} ({row.note})" if row.note and not row.href else row.name
                yield [f"{grid.title}: {heading}", name, *_value(cell)]


def _value(cell: Cell) -> list[Any]:
    """The plain value with its unit, how many records are behind it, and how the screen writes it."""
    records = cell.behind.count if cell.behind else None
    if isinstance(cell.plain, Money):
        return [whole(cell.plain.minor or 0, cell.plain.currency), cell.plain.currency, records, cell.shown]
    if isinstance(cell.plain, Percent):
        part = cell.plain.share
        return [None if part is None else round(Decimal(part) * 100, 1), "%", records, cell.shown]
    return [cell.plain, "", records, cell.shown]
