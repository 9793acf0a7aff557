"""An answer as a chart: rows along the axis, a series for each column, or one beside that of the period before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm.custom import home_currency
from crm.exports.table import whole
from reports import charts
from reports.builder.answers import Answer
from reports.builder.cells import Cell, Path, say
from reports.builder.parts import Holds, How
from reports.builder.periods import LAST_YEAR
from reports.builder.trees import Header
from reports.charts import Chart, Point, Series

Link = Callable[[Cell, bool], str]
"""The address of the records behind a cell; with True of those that it is compared with."""
MOST_POINTS = {"line": 400, "column": 120, "bar": 40, "funnel": 20, "heat": 60}
MOST_SERIES = 8
OVERALL = frozenset({How.AVERAGE, How.RATE})


def chart(answer: Answer, link: Link | None = None, *, title: str = "") -> Chart:
    """The answer drawn as its definition shows it (columns, where that is a table). Of several currencies the company's own is
    drawn, and the sentence says so."""
    return _Drawn(answer, link or (lambda cell, before: "")).chart(title or str(answer.figure.label))


def sentence(answer: Answer) -> str:
    """What an answer comes to, in a sentence or three: the whole, the largest, what changed."""
    total = answer.total
    said = [
        (_("%(total)s overall.") if answer.figure.how in OVERALL else _("%(total)s in all.")) % {"total": total.shown}
    ]
    largest = _largest(answer)
    if largest is not None:
        label = ", ".join(answer.labels(largest.place.rows or largest.place.columns, columns=not largest.place.rows))
        most = _("Highest: %(name)s, %(value)s.") if answer.figure.how in OVERALL else _("Most: %(name)s, %(value)s.")
        said.append(most % {"name": label, "value": largest.shown})
    if answer.compares and total.change:
        against = (
            _("%(change)s against last year.")
            if answer.definition.compare == LAST_YEAR
            else _("%(change)s against the period before.")
        )
        said.append(against % {"change": total.change})
    return " ".join(said)


def _largest(answer: Answer) -> Cell | None:
    """The largest of the rows, or of the columns where there are no rows; None for fewer than two."""
    cells = [answer.cell(one.path) for one in answer.leaves] or [
        answer.cell((), one.path) for one in answer.column_leaves
    ]
    known = [cell for cell in cells if cell.value]
    return max(known, key=lambda cell: cell.value or 0) if len(known) > 1 else None


class _Drawn:
    """An answer with what its points and series are."""

    def __init__(self, answer: Answer, link: Link) -> None:
        self.answer, self.link = answer, link
        self.show = answer.definition.show if answer.definition.show in MOST_POINTS else "column"
        self.turned = not answer.leaves and bool(answer.column_leaves)
        self.along = (answer.column_leaves if self.turned else answer.leaves)[: MOST_POINTS[self.show]]
        self.across = [] if self.turned else answer.column_leaves
        self.currency = self._currency()

    def _currency(self) -> str:
        """The currency that is drawn: the company's own, else the first there is; "" for what is no money."""
        known = self.answer.currencies
        return next((one for one in known if one == home_currency()), known[0]) if known else ""

    def chart(self, title: str) -> Chart:
        kinds: dict[str, Callable[..., Chart]] = {
            "line": charts.line,
            "column": charts.columns,
            "bar": charts.bars,
            "funnel": charts.funnel,
            "heat": charts.heat,
        }
        draw = kinds[self.show]
        return draw(title=title, series=self.series(), says=self.says(), labels=self.labels())

    def labels(self) -> str:
        dimensions = self.answer.column_dimensions if self.turned else self.answer.row_dimensions
        return ", ".join(str(one.label) for one in dimensions)

    def says(self) -> str:
        said = [sentence(self.answer)]
        if len(self.answer.currencies) > 1:
            said.append(_("Drawn are the amounts in %(currency)s.") % {"currency": self.currency})
        left = max(len(self.answer.column_leaves if self.turned else self.answer.leaves) - len(self.along), 0)
        if self.show != "heat":
            left = max(left, len(self.across) - MOST_SERIES)
        if left > 0:
            said.append(
                ngettext("%(n)s more is not drawn.", "%(n)s more are not drawn.", left) % {"n": formats.number(left)}
            )
        return " ".join(said)

    def series(self) -> list[Series]:
        if self.show == "heat":
            return self._heat()
        name = str(self.answer.figure.label)
        if self.across and self.show != "funnel":
            return [self._one(self._name(one, columns=True), one.path) for one in self._main(self.across)]
        series = [self._one(name, ())]
        if self.answer.compares and self.show != "funnel":
            series.append(self._one(self._before(), (), before=True))
        return series

    def _before(self) -> str:
        return _("Last year") if self.answer.definition.compare == LAST_YEAR else _("Before")

    def _main(self, columns: Sequence[Header]) -> list[Header]:
        """The largest columns, in their own order: more lines than that nobody tells apart."""
        by_size = sorted(columns, key=self._size_of, reverse=True)
        kept = {one.path for one in by_size[:MOST_SERIES]}
        return [one for one in columns if one.path in kept]

    def _size_of(self, column: Header) -> Decimal:
        return abs(self._value(self.answer.cell((), column.path), before=False) or Decimal(0))

    def _heat(self) -> list[Series]:
        """A series a row; one row where only columns were chosen."""
        if self.turned or not self.along:
            return [self._one(str(self.answer.figure.label), ())]
        columns = self.across[: MOST_POINTS["heat"]]
        return [
            Series(name=self._name(row), points=[self._point(self._name(one, columns=True), row.path, one.path) for one in columns])
            if columns
            else Series(name=self._name(row), points=[self._point(str(self.answer.figure.label), row.path, ())])
            for row in self.along
        ]  # fmt: skip

    def _one(self, name: str, column: Path, *, before: bool = False) -> Series:
        if not self.along:
            alone = [] if self.answer.question.dimensions else [self._point(_("Total"), (), column, before=before)]
            return Series(name=name, points=alone, soft=before)
        points = [
            self._point(self._name(one, columns=True), (), one.path, before=before)
            if self.turned
            else self._point(self._name(one), one.path, column, before=before)
            for one in self.along
        ]
        return Series(name=name, points=points, soft=before)

    def _name(self, header: Header, *, columns: bool = False) -> str:
        return ", ".join(self.answer.labels(header.path, columns=columns))

    def _point(self, label: str, row: Path, column: Path, *, before: bool = False) -> Point:
        cell = self.answer.cell(row, column)
        value = self._value(cell, before=before)
        count = cell.count_before if before else cell.count
        values = {} if value is None or self.answer.is_empty else {self.currency: value}
        shown = say(self.answer.figure, values, count)
        return Point(
            label=label,
            value=_size(self.answer.figure.holds, value, self.currency),
            shown=shown,
            href=self.link(cell, before) if count else "",
        )

    def _value(self, cell: Cell, *, before: bool) -> Decimal | None:
        values = cell.values_before if before else cell.values
        nothing = Decimal(0) if self.answer.figure.how in (How.COUNT, How.SUM) else None
        return values.get(self.currency, nothing)


def _size(holds: Holds, value: Decimal | None, currency: str) -> float | None:
    """A value as the axis counts it: whole units of money, per cent of a share."""
    if value is None:
        return None
    if holds == Holds.MONEY:
        return float(whole(round(value), currency))
    return round(float(value) * (100 if holds == Holds.SHARE else 1), 4)
