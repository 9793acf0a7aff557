"""An answer as a table for a workbook: one row for each finest cell, typed, with a pivot table that shows it as the page does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.exports import Percent, Pivot, Table
from crm.lists.cells import Money
from reports.builder.answers import Answer
from reports.builder.cells import Cell, Path, Tally
from reports.builder.parts import Dimension, Holds, How, Kind


def tables(answer: Answer, *, name: str = "") -> list[Table]:
    """The answer's table, one row for each combination that has records. Averages and shares stand beside the two numbers that they
    are made of, and the pivot table sums the first of these: nothing in it is an average of averages."""
    dimensions = [*answer.row_dimensions, *answer.column_dimensions]
    headings = [str(one.label) for one in dimensions] or [_("Report")]
    figures = _headings(answer)
    pivot = Pivot(
        rows=headings[: max(len(answer.row_dimensions), 1)], columns=headings[max(len(answer.row_dimensions), 1) :],
        values=figures[0],
    )  # fmt: skip
    table = Table(
        name=name or str(answer.figure.label), headings=[*headings, *figures], rows=list(_rows(answer)),
        sums=_summed(answer, figures), pivot=pivot if dimensions else None,
    )  # fmt: skip
    return [table]


def _summed(answer: Answer, figures: list[str]) -> list[str]:
    """The headings whose numbers add up; amounts are summed by themselves, an average or a share never is."""
    divided = answer.figure.how in (How.AVERAGE, How.RATE)
    if answer.figure.holds == Holds.MONEY:
        return figures[1:2] if divided else []
    return figures[:2] if divided else figures


def _headings(answer: Answer) -> list[str]:
    label = str(answer.figure.label)
    if answer.figure.how in (How.AVERAGE, How.RATE):
        whole = _("Of them") if answer.figure.how == How.RATE else _("Sum")
        now = [whole, _("Records"), label]
    else:
        now = [label]
    return [*now, *([_("%(figure)s before") % {"figure": label}] if answer.compares else [])]


def _rows(answer: Answer) -> Iterator[list[Any]]:
    for row in [one.path for one in answer.leaves] or [()]:
        for column in [one.path for one in answer.column_leaves] or [()]:
            cell = answer.cell(row, column)
            if not cell.is_empty:
                yield from _lines(answer, cell, row, column)


def _lines(answer: Answer, cell: Cell, row: Path, column: Path) -> Iterator[list[Any]]:
    """A line for each currency of a cell."""
    named = [
        *_named(answer.row_dimensions, row, answer.labels(row)),
        *_named(answer.column_dimensions, column, answer.labels(column, columns=True)),
    ] or [str(answer.figure.label)]
    for currency in dict.fromkeys([*cell.now, *cell.before]):
        tally = cell.now.get(currency, Tally())
        figures = _figures(answer, cell, tally, currency)
        before = [_typed(answer, cell.values_before.get(currency), currency)] if answer.compares else []
        yield [*named, *figures, *before]


def _figures(answer: Answer, cell: Cell, tally: Tally, currency: str) -> list[Any]:
    value = _typed(answer, cell.values.get(currency), currency)
    if answer.figure.how == How.RATE:
        return [int(tally.total), tally.known, value]
    if answer.figure.how == How.AVERAGE:
        return [_typed(answer, tally.total, currency), tally.known, value]
    return [value]


def _typed(answer: Answer, value: Decimal | None, currency: str) -> Any:
    if answer.figure.holds == Holds.MONEY:
        return Money(None if value is None else round(value), currency)
    if value is None:
        return None
    if answer.figure.how == How.RATE:
        return Percent(value)
    return int(value) if value == value.to_integral_value() else round(value, 4)


def _named(dimensions: list[Dimension], path: Path, labels: list[str]) -> list[Any]:
    """The words of a path; days, years and hours as what they are."""
    return [_key(one, key, label) for one, key, label in zip(dimensions, path, labels, strict=True)]


def _key(dimension: Dimension, key: str, label: str) -> Any:
    if dimension.kind == Kind.DAY and key and dimension.unit in ("day", "week"):
        return date.fromisoformat(key)
    return int(key) if key and dimension.unit == "year" else label
