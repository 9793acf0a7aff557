"""The records behind a cell of a report: the same query, narrowed instead of grouped, so that both count alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from accounts.policy import Use
from accounts.together import together
from crm.links import url
from crm.lists.cells import Money
from crm.lists.filters import is_key
from reports.behind.page import Row
from reports.builder import expressions
from reports.builder.cells import Cell, Place, Tally, say
from reports.builder.definition import Definition, DefinitionWrong
from reports.builder.parts import NOT_SET, Dimension, Holds, How, Kind, Rows
from reports.builder.question import Question
from reports.builder.statement import NO_CURRENCY, NO_VALUE

SIZE = 100
Labels = QuerySet[Any, Any] | None


class Behind:
    """What a cell at `place` is made of, for the reader: `records` (a query), `count`, the sum and the figure in `cell`, and `rows`, a
    page of them. One statement for the page, one more for all rows of a file. Raises DefinitionWrong."""

    def __init__(
        self, definition: Definition, place: Place, user: Any, at: datetime, *, page: int = 1, use: Use = Use.READ
    ) -> None:
        self.question, self.place, self.page = Question(definition, user, at, use), place, page
        self._pairs = self._matched()
        self.records = self._narrowed()

    def _matched(self) -> list[tuple[int, Dimension, str]]:
        """The dimensions that the place is narrowed by, each with its number and its key."""
        question, place = self.question, self.place
        if len(place.rows) > len(question.rows_by) or len(place.columns) > len(question.columns_by):
            raise DefinitionWrong
        if place.before and question.earlier is None:
            raise DefinitionWrong
        self._rows, dimensions = question.divided(before=place.before)
        height = len(question.rows_by)
        down = [(n, dimensions[n], key) for n, key in enumerate(place.rows)]
        return [*down, *((height + n, dimensions[height + n], key) for n, key in enumerate(place.columns))]

    def _narrowed(self) -> Rows:
        rows = self._rows
        for number, dimension, key in self._pairs:
            value = _value(dimension, key)
            if dimension.picks:
                rows = dimension.picks(rows, key, self.question.asker)
            else:
                rows = rows.filter(**{f"d{number}__isnull": True} if value is None else {f"d{number}": value})
        return rows

    # --- what it says ---

    @cached_property
    def _read(self) -> tuple[list[Any], list[Any], list[list[Any]]]:
        """The sums, a page of the rows and the names of what it is narrowed to, in one trip."""
        asked = [_called(dimension, key, self.question.asker) for _number, dimension, key in self._pairs]
        queries = [one for one in asked if one is not None]
        sums, rows, *names = together(self._sums(), self._shown()[(self.page - 1) * SIZE : self.page * SIZE], *queries)
        found = iter(names)
        return sums, rows, [next(found) if one is not None else [] for one in asked]

    def _sums(self) -> Rows:
        rows = self._complete().order_by().values("currency_")
        return rows.annotate(n_=Count("pk"), known_=Count("value_"), total_=Sum("value_"))

    def _complete(self) -> Rows:
        usual = {"value_": NO_VALUE, "currency_": NO_CURRENCY}
        return self.records.annotate(
            **{name: none for name, none in usual.items() if name not in self.records.query.annotations}
        )

    @cached_property
    def cell(self) -> Cell:
        """The cell again, added up from these very records."""
        cell = Cell(self.question.figure, self.place)
        for row in self._read[0]:
            if not row["n_"]:
                continue
            tally = Tally(row["n_"], row["known_"], Decimal(row["total_"] or 0))
            cell.now[row["currency_"] or ""] = tally
        return cell

    @property
    def count(self) -> int:
        return self.cell.count

    @property
    def title(self) -> str:
        return str(self.question.figure.label)

    @property
    def about(self) -> list[str]:
        """What it is narrowed to: each dimension by its word, and the days."""
        named = zip(self._pairs, self._read[2], strict=True)
        return [self._label(dimension, key, rows) for (_number, dimension, key), rows in named]

    def _label(self, dimension: Dimension, key: str, rows: Sequence[Any]) -> str:
        """The word for a key. A record is named only where the reader has records of it: anybody can write a key into an address."""
        if key == NOT_SET:
            return _("%(what)s: not set") % {"what": dimension.label}
        if dimension.words:
            return dimension.words(key, self.question.asker)
        return str(rows[0]["name_"]) if rows and self.count else formats.DASH

    @property
    def as_of(self) -> str:
        """Which days it is about."""
        return self.question.days_in_words(before=self.place.before)

    @property
    def counted(self) -> str:
        return ngettext("%(n)s record", "%(n)s records", self.count) % {"n": formats.number(self.count)}

    @property
    def sums(self) -> list[str]:
        """The figure in words; for a mere number of records nothing more than that."""
        return [] if self.question.figure.how == How.COUNT else [self.cell.shown]

    # --- the table ---

    @property
    def has_parts(self) -> bool:
        return False

    @property
    def has_amounts(self) -> bool:
        return self.question.figure.how != How.COUNT

    @property
    def headings(self) -> list[str]:
        shown = self.question.source.shown
        return [
            str(shown.heading),
            _("Client"),
            _("Who"),
            str(self.question.by.label),
            *([self.title] if self.has_amounts else []),
        ]

    def _shown(self) -> Rows:
        """The records as the list shows them: the largest first, then the latest."""
        asker, shown = self.question.asker, self.question.source.shown
        facts = {"title_": F(shown.title), "day_": expressions.day_of(self.question.by, asker)}
        facts |= {name: F(path) for name, path in (("whom_", shown.whom), ("person_", shown.person)) if path}
        facts |= {f"lead{n}_": key(asker) for n, (_page, key) in enumerate(shown.leads)}
        order = [F("value_").desc(nulls_last=True)] if self.has_amounts else []
        rows = self._complete().annotate(**facts).order_by(*order, F("day_").desc(nulls_last=True), "-pk")
        return rows.values(*facts, "value_", "currency_")

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the page."""
        return [self._row(row) for row in self._read[1]]

    def every_row(self) -> Iterator[Row]:
        """All rows, for a file."""
        for row in self._shown().iterator(chunk_size=2_000):
            yield self._row(row)

    @property
    def previous(self) -> int:
        """The page before; 0 for none."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after; 0 for none."""
        return self.page + 1 if self.page * SIZE < self.count else 0

    def _row(self, row: dict[str, Any]) -> Row:
        shown = self.question.source.shown
        leads = [url(page, row[f"lead{n}_"]) for n, (page, _key) in enumerate(shown.leads) if row[f"lead{n}_"]]
        amount, plain = self._amount(row)
        name = shown.words(row["title_"]) if shown.words and row["title_"] else row["title_"]
        return Row(
            name=name or formats.DASH, url=leads[0] if leads else "", whom=row.get("whom_") or "", person=row.get("person_") or "",
            day=row["day_"], part="", amount=amount, plain=plain,
        )  # fmt: skip

    def _amount(self, row: dict[str, Any]) -> tuple[str, Any]:
        figure, value = self.question.figure, row["value_"]
        if value is None or figure.how == How.COUNT:
            return "", None
        if figure.how == How.RATE:
            return (_("yes"), 1) if value else (_("no"), 0)
        if figure.holds == Holds.MONEY:
            return formats.money(round(value), row["currency_"]), Money(round(value), row["currency_"])
        return say(figure, {"": Decimal(value)}, 1), value


def behind(definition: Definition, place: Place, user: Any, at: datetime) -> Behind:
    """The records of a cell, for the reader. Raises DefinitionWrong for a place that the report does not have."""
    return Behind(definition, place, user, at)


def _value(dimension: Dimension, key: str) -> int | str | date | None:
    """A key as the database compares it; None for what is not set. Raises DefinitionWrong for what is none."""
    if key == NOT_SET:
        return None
    value: int | str | date | None = key if dimension.kind == Kind.TEXT and "\x00" not in key else None
    if dimension.kind in (Kind.RECORD, Kind.NUMBER) and is_key(key):
        value = int(key)
    if dimension.kind == Kind.DAY:
        value = _day(key)
    if value is None:
        raise DefinitionWrong(gettext_lazy("There is no such row in this report. Open it again."), field="rows")
    return value


def _day(key: str) -> date | None:
    try:
        return parse_date(key)
    except ValueError:
        return None


def _called(dimension: Dimension, key: str, asker: Any) -> Labels:
    """The query of what a key is called; None where it says so itself."""
    names = dimension.called or dimension.names
    if key == NOT_SET or dimension.words or dimension.kind != Kind.RECORD or names is None:
        return None
    return names([int(key)], asker)
