"""A definition as somebody asks it: checked against what he may read, with the records that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.policy import Use
from crm.lists import Asker, Filter
from crm.lists.spans import instant
from crm.when import local_day
from reports.builder import times
from reports.builder.definition import Definition, DefinitionWrong
from reports.builder.parts import Dimension, Figure, Rows, Source
from reports.builder.periods import Step, Stretch, in_words, stretch
from reports.builder.sources import SOURCES


class Question:
    """Raises DefinitionWrong where the definition names what there is not, or what the reader may not see (`use` says for what)."""

    def __init__(self, definition: Definition, user: Any, at: datetime, use: Use = Use.READ) -> None:
        definition.check()
        self.definition, self.asker = definition, Asker(user, at)
        self.source = source_of(definition.source)
        self.figure: Figure = _chosen(self.source.figures_for(user, use), definition.figure, "figure")
        self.by = _chosen(self.source.dates_for(user, use), definition.period.by or self.figure.by, "period")
        self.offered = [*self.source.dimensions_for(user, use), *times.dimensions(self.by)]
        known = {one.key: one for one in self.offered}
        self.rows_by = [_named(known, key, "rows") for key in definition.rows]
        self.columns_by = [_named(known, key, "columns") for key in definition.columns]
        self.filters = self._read_filters()

    def _read_filters(self) -> list[tuple[Filter, str]]:
        """The filters in use, each with its value."""
        known = {one.key: one for one in self.source.filters_for(self.asker.user)}
        read = []
        for key, value in self.definition.filters.items():
            one = known.get(key)
            clean = one.clean(value) if one else ""
            if one is None or not clean:
                raise DefinitionWrong(_("One of the filters does not exist any more. Take it away."), field="filters")
            read.append((one, clean))
        return read

    @property
    def dimensions(self) -> list[Dimension]:
        """By what the records are divided: the rows' first, then the columns'."""
        return [*self.rows_by, *self.columns_by]

    @cached_property
    def today(self) -> date:
        return local_day(self.asker.at, self.asker.user.zone)

    @cached_property
    def stretch(self) -> Stretch:
        period = self.definition.period
        return stretch(period.kind, self.today, period.first, period.last)

    @cached_property
    def earlier(self) -> tuple[Stretch, Step] | None:
        """What it is compared with, and how far back that lies; None for nothing."""
        if not self.definition.compare:
            return None
        return self.stretch.earlier(self.definition.compare, self.today, ahead=self.by.ahead)

    def records(self, *, before: bool = False) -> Rows:
        """The records that the report is about, or those that it compares with: in the reader's scope, of the figure, filtered,
        of these days."""
        rows = self.source.rows(self.asker.user)
        if self.figure.among is not None:
            rows = rows.filter(self.figure.among)
        for one, value in self.filters:
            rows = one.narrow(rows, value, self.asker)
        span = self.earlier[0] if before and self.earlier else self.stretch
        return rows.filter(**self._within(span))

    def _within(self, span: Stretch) -> dict[str, Any]:
        ends = {"gte": span.first, "lt": span.end}
        told = {end: instant(day, self.asker) if self.by.is_instant else day for end, day in ends.items() if day}
        return {f"{self.by.column}__{end}": value for end, value in told.items()}

    def days_in_words(self, *, before: bool = False) -> str:
        """The days that it is about, or those it compares with: "closed, 1 Nov 2026 to 30 Nov 2026"."""
        span = self.earlier[0] if before and self.earlier else self.stretch
        return _("%(date)s: %(days)s") % {"date": self.by.label, "days": in_words(span)}

    def divided(self, *, before: bool = False) -> tuple[Rows, list[Dimension]]:
        """The records with the value of each dimension in `d0`, `d1`, …, and with `value_` and `currency_` of the figure."""
        dimensions = self.dimensions
        if before and self.earlier:
            dimensions = [times.of_others(one, self.by, self.earlier[1]) for one in dimensions]
        given = {f"d{n}": one.value(self.asker) for n, one in enumerate(dimensions)}
        return self.records(before=before).annotate(**given, **self._measured()), dimensions

    def _measured(self) -> dict[str, Any]:
        measured: dict[str, Any] = {}
        if self.figure.value:
            measured["value_"] = self.figure.value(self.asker)
        if self.figure.currency:
            measured["currency_"] = self.figure.currency(self.asker)
        return measured


def source_of(key: str) -> Source:
    """Raises DefinitionWrong where there is no such source."""
    source = SOURCES.get(key)
    if source is None:
        raise DefinitionWrong(_("Choose what the report is about."), field="source")
    return source


def _chosen(offered: Sequence[Any], key: str, field: str) -> Any:
    """The one with the key; the first where none is asked for."""
    found = next((one for one in offered if one.key == key or not key), None)
    if found is None:
        raise DefinitionWrong(
            _("This report uses something that is not there for you. Choose something else."), field=field
        )
    return found


def _named(known: dict[str, Dimension], key: str, field: str) -> Dimension:
    found = known.get(key)
    if found is None:
        raise DefinitionWrong(
            _("This report uses something that is not there for you. Choose something else."), field=field
        )
    return found
