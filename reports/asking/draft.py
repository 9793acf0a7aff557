"""A report while it is put together: what is chosen so far, and what each place of the sentence offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.lists import Filter
from crm.lists.shown import Drawn
from reports.asking import address
from reports.builder import SOURCES, Definition, DefinitionWrong
from reports.builder.definition import MOST_COLUMNS, MOST_FILTERS, MOST_ROWS, SHOWS, SORTS
from reports.builder.parts import Dimension, Figure
from reports.builder.periods import ALL, COMPARISONS, FROM_TO, KINDS
from reports.builder.times import dimensions as times_of

Options = Sequence[tuple[str, Any]]
ICONS = {
    "table": "table", "pivot": "table-row", "line": "chart-line", "bar": "chart-bar-popular", "column": "chart-bar",
    "funnel": "filter", "heat": "grid-dots",
}  # fmt: skip
COUNT = "count"
"""The figure that every source has: its label says what is counted, which the sentence has said by then."""
TOPS = (5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Slot:
    """A place of the sentence for one thing to divide by; `groups` are choices under their headings."""

    name: str
    place: int
    chosen: str
    groups: Sequence[tuple[str, Options]]

    @property
    def id(self) -> str:
        return f"{self.name}-{self.place}"


class Draft:
    """What an address asks for, as far as it makes sense for `user`. `mistake` says what is to be mended before there is an answer."""

    def __init__(self, params: QueryDict, user: Any) -> None:
        self.params, self.user = params, user
        self.data = address.read(params, user)
        self.source = SOURCES[self.data["source"]]
        self.definition: Definition | None = None
        self.mistake = ""
        try:
            self.definition = Definition.of(self.data)
        except DefinitionWrong as wrong:
            self.mistake = str(wrong.message)

    @property
    def signature(self) -> str:
        """What the form was drawn for: as long as it stays the same, only the answer is drawn anew."""
        filters = [one.filter.key for one in self.filters]
        rows, columns = self.data["rows"], self.data["columns"]
        return ",".join([self.source.key, self.data["figure"], *rows, "|", *columns, "|", *filters, "|", self.period])

    # --- what is chosen, and what else there is ---

    @property
    def sources(self) -> Options:
        return [(key, one.label) for key, one in SOURCES.items()]

    @property
    def figures(self) -> Options:
        return [(one.key, _("the number") if one.key == COUNT else one.label) for one in self._figures]

    @cached_property
    def _figures(self) -> Sequence[Figure]:
        return self.source.figures_for(self.user)

    @cached_property
    def dates(self) -> Options:
        return [(one.key, one.label) for one in self.source.dates_for(self.user)]

    @property
    def date(self) -> str:
        usual = next(one.by for one in self._figures if one.key == self.data["figure"])
        return self.data["period"]["by"] or usual or self.dates[0][0]

    @cached_property
    def row_slots(self) -> list[Slot]:
        return self._slots(address.ROW, self.data["rows"], MOST_ROWS)

    @cached_property
    def column_slots(self) -> list[Slot]:
        return self._slots(address.COLUMN, self.data["columns"], MOST_COLUMNS)

    @property
    def period(self) -> str:
        kind: str = self.data["period"]["kind"]
        return kind if kind in KINDS else address.STARTS_WITH

    @property
    def periods(self) -> Options:
        return list(KINDS.items())

    @property
    def has_days(self) -> bool:
        return self.period == FROM_TO

    @property
    def compares(self) -> bool:
        return self.period != ALL

    @property
    def comparisons(self) -> Options:
        return list(COMPARISONS.items())

    @property
    def look(self) -> str:
        return self.data["show"] if self.data["show"] in SHOWS else "table"

    @property
    def looks(self) -> list[tuple[str, Any, str]]:
        return [(key, label, ICONS[key]) for key, label in SHOWS.items()]

    @property
    def sorts(self) -> Options:
        return list(SORTS.items())

    @property
    def tops(self) -> Sequence[int]:
        asked = str(self.data["limit"])
        others = {int(asked)} if asked.isascii() and asked.isdigit() and 0 < int(asked) <= 1000 else set()
        return sorted({*TOPS, *others})

    @cached_property
    def filters(self) -> list[Drawn]:
        """The filters that stand in the form, with their choices; one statement for all names."""
        chosen = address.chosen(self.params, self.source, self.user)
        return drawn(chosen, self.user)

    @cached_property
    def more_filters(self) -> Options:
        """What the answer can be narrowed by beside that."""
        taken = {one.filter.key for one in self.filters}
        offered = [(one.key, one.label) for one in self.source.filters_for(self.user) if one.key not in taken]
        return sorted(offered, key=lambda one: str(one[1]).casefold()) if len(taken) < MOST_FILTERS else []

    @property
    def newest(self) -> str:
        """The filter that was added just now: it takes the focus."""
        return next((one.filter.key for one in reversed(self.filters) if not one.value), "")

    def _slots(self, name: str, chosen: Sequence[str], most: int) -> list[Slot]:
        """A place for each that is chosen, and one more that is empty as long as there is room."""
        places = [*chosen, ""][:most]
        return [Slot(name, place, one, self._groups(one)) for place, one in enumerate(places, start=1)]

    def _groups(self, own: str) -> Sequence[tuple[str, Options]]:
        """What is not chosen elsewhere: times, then everything else."""
        taken = {*self.data["rows"], *self.data["columns"]} - {own}
        times, others = self._dimensions
        return [(_("Time"), _offered(times, taken)), (_("What they have"), _offered(others, taken))]

    @cached_property
    def _dimensions(self) -> tuple[Sequence[Dimension], Sequence[Dimension]]:
        by = next(one for one in self.source.dates if one.key == self.date)
        return times_of(by), self.source.dimensions_for(self.user)


def drawn(chosen: Sequence[tuple[Filter, str]], user: Any) -> list[Drawn]:
    """Filters with their values and what their choices are called."""
    named = _named([rows for one, value in chosen if (rows := one.names(value, user)) is not None])
    return [
        Drawn(one, value, [*one.options, *((key, name) for of, key, name in named if of == one.key)])
        for one, value in chosen
    ]


def _named(queries: list[QuerySet[Any, Any]]) -> list[tuple[str, str, str]]:
    """Filter, key and name of all choices that the database names, by name: one statement."""
    if not queries:
        return []
    together: QuerySet[Any, Any] = reduce(lambda left, right: left.union(right, all=True), queries)
    return sorted(((of, key, name) for of, key, name, _query in together), key=lambda row: str(row[2]).casefold())


def _offered(dimensions: Iterable[Dimension], taken: set[str]) -> Options:
    return [(one.key, one.label) for one in dimensions if one.key not in taken]
