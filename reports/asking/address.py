"""A definition in an address: the same question always makes the same text, and what no longer fits is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from crm.lists import Filter
from reports.builder import SOURCES, Definition
from reports.builder.definition import MOST_COLUMNS, MOST_FILTERS, MOST_ROWS
from reports.builder.parts import Source
from reports.builder.periods import FROM_TO
from reports.builder.times import LABELS as TIMES

ABOUT, FIGURE, ROW, COLUMN, ONLY = "about", "figure", "row", "column", "only"
DAYS, DATE, SINCE, UNTIL, AGAINST = "days", "by_date", "since", "until", "against"
LOOK, ORDER, TOP, DRAWN = "look", "order", "top", "drawn"
OURS = frozenset({ABOUT, FIGURE, ROW, COLUMN, ONLY, DAYS, DATE, SINCE, UNTIL, AGAINST, LOOK, ORDER, TOP, DRAWN})
"""The names of the address that are no filter's."""
STARTS_WITH = "this_year"
"""The days that a new report is about."""
BEGINNING = {
    "source": "deals",
    "figure": "won_sum",
    "rows": ["month"],
    "period": {"kind": STARTS_WITH},
    "show": "column",
}
"""What a new report shows before anything is chosen."""


def query_of(definition: Definition) -> str:
    """The address' query for a definition."""
    period = definition.period
    days = [(SINCE, period.first), (UNTIL, period.last)] if period.kind == FROM_TO else []
    said: list[tuple[str, Any]] = [
        (ABOUT, definition.source),
        (FIGURE, definition.figure),
        *((ROW, one) for one in definition.rows),
        *((COLUMN, one) for one in definition.columns),
        *((ONLY, key) for key in definition.filters),
        *definition.filters.items(),
        (DAYS, period.kind),
        (DATE, period.by),
        *days,
        (AGAINST, definition.compare),
        (LOOK, definition.show),
        (ORDER, definition.sort),
        (TOP, definition.limit),
    ]
    return urlencode([(name, value) for name, value in said if value], safe=",.")


def read(params: QueryDict, user: Any) -> dict[str, Any]:
    """What an address asks for, as a definition's data: of what this person may use; the rest has its usual value."""
    source = SOURCES.get(params.get(ABOUT, "")) or next(iter(SOURCES.values()))
    figures = [one.key for one in source.figures_for(user)]
    dates = [one.key for one in source.dates_for(user)]
    parts = [one.key for one in source.dimensions_for(user)] + list(TIMES)
    rows = _among(params.getlist(ROW), parts, MOST_ROWS)
    figure = _one(params.get(FIGURE, ""), figures) or figures[0]
    period = {"kind": params.get(DAYS, STARTS_WITH), "by": _one(params.get(DATE, ""), dates)}
    if _drawn_for(params)[:2] not in ([], [source.key, figure]):
        period["by"] = ""  # another figure goes by a date of its own
    if period["kind"] == FROM_TO:
        period |= {"from": params.get(SINCE, ""), "to": params.get(UNTIL, "")}
    return {
        "source": source.key,
        "figure": figure,
        "rows": rows,
        "columns": [one for one in _among(params.getlist(COLUMN), parts, MOST_COLUMNS) if one not in rows],
        "filters": {one.key: value for one, value in chosen(params, source, user) if value},
        "period": period,
        "compare": params.get(AGAINST, ""),
        "show": params.get(LOOK, ""),
        "sort": params.get(ORDER, ""),
        "limit": params.get(TOP, "") or 0,
    }


def _drawn_for(params: QueryDict) -> list[str]:
    """The source and the figure that the form was drawn for; nothing where the address came from elsewhere."""
    return params.get(DRAWN, "").split(",") if params.get(DRAWN) else []


def chosen(params: QueryDict, source: Source, user: Any) -> list[tuple[Filter, str]]:
    """The filters that an address names, with what it says about each; those without a value yet stand in the form too."""
    known = {one.key: one for one in source.filters_for(user)}
    wanted = [key for key in dict.fromkeys(params.getlist(ONLY)) if key in known][:MOST_FILTERS]
    return [(known[key], known[key].asked(params)) for key in wanted]


def as_params(definition: Definition | Mapping[str, Any]) -> QueryDict:
    """A definition as if an address had asked for it."""
    known = definition if isinstance(definition, Definition) else Definition.of(definition)
    return QueryDict(query_of(known))


def _one(value: str, known: Iterable[str]) -> str:
    return value if value in known else ""


def _among(values: Iterable[str], known: Iterable[str], most: int) -> list[str]:
    offered = set(known)
    return [one for one in dict.fromkeys(values) if one in offered][:most]
