"""A report in words of its own: what it is about, which figure, divided by what, of which records and days, drawn how.

    {"source": "deals", "figure": "amount_sum", "rows": ["owner"], "columns": ["month"], "filters": {"status": "won"},
     "period": {"kind": "this_year", "by": "closed"}, "compare": "previous", "show": "pivot", "sort": "-figure", "limit": 20}

What is not said has its usual value. Words are stored for ever: a report that was saved must open in years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from crm.lists.filters import Label
from reports.builder.periods import ALL, COMPARISONS, FROM_TO, KINDS

MOST_ROWS, MOST_COLUMNS, MOST_FILTERS, LARGEST_LIMIT = 3, 2, 12, 1000
LONGEST = 400
SHOWS: dict[str, Label] = {
    "table": _("Table"), "pivot": _("Pivot table"), "line": _("Line"), "bar": _("Bars"), "column": _("Columns"),
    "funnel": _("Funnel"), "heat": _("Heat map"),
}  # fmt: skip
SORTS: dict[str, Label] = {
    "": _("In their usual order"),
    "label": _("By name"),
    "-figure": _("Largest first"),
    "figure": _("Smallest first"),
}
KEYS = frozenset({"source", "figure", "rows", "columns", "filters", "period", "compare", "show", "sort", "limit"})
PERIOD_KEYS = frozenset({"kind", "by", "from", "to"})


class DefinitionWrong(Refused):
    """A definition that makes no report; `field` is the part of it that is to be mended."""

    code = "definition_wrong"
    message = _("This report cannot be read any more. Build it again.")


@dataclass(frozen=True, kw_only=True)
class Period:
    """Which days, and by which date of the records (`by`; the source's first when empty)."""

    kind: str = "this_month"
    by: str = ""
    first: date | None = None
    last: date | None = None

    def as_json(self) -> dict[str, Any]:
        ends = {"from": self.first, "to": self.last} if self.kind == FROM_TO else {}
        said = {name: day.isoformat() for name, day in ends.items() if day}
        return {"kind": self.kind, **({"by": self.by} if self.by else {}), **said}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What somebody wants to know. Whether there are such figures and dimensions is asked when it is answered (`Question`)."""

    source: str = "deals"
    figure: str = "count"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    period: Period = Period()
    compare: str = ""
    show: str = "table"
    sort: str = ""
    limit: int = 0

    @classmethod
    def of(cls, data: Any) -> Definition:
        """Read what was stored or sent. Raises DefinitionWrong."""
        if not isinstance(data, Mapping):
            raise DefinitionWrong
        _known(data, KEYS)
        definition = cls(
            source=_text(data, "source", "deals"),
            figure=_text(data, "figure", "count"),
            rows=_texts(data, "rows"),
            columns=_texts(data, "columns"),
            filters=_filters(data.get("filters") or {}),
            period=_period(data.get("period") or {}),
            compare=_one_of(data, "compare", COMPARISONS, ""),
            show=_one_of(data, "show", SHOWS, "table"),
            sort=_one_of(data, "sort", SORTS, ""),
            limit=_number(data.get("limit") or 0),
        )
        definition.check()
        return definition

    def check(self) -> None:
        """Refuse what does not go together."""
        if len(self.rows) > MOST_ROWS:
            raise DefinitionWrong(_("Choose at most three things for the rows."), field="rows")
        if len(self.columns) > MOST_COLUMNS:
            raise DefinitionWrong(_("Choose at most two things for the columns."), field="columns")
        if len({*self.rows, *self.columns}) < len(self.rows) + len(self.columns):
            raise DefinitionWrong(_("Each thing can stand in the rows or the columns only once."), field="rows")
        if self.compare and self.period.kind == ALL:
            raise DefinitionWrong(_("All the time has no period before. Choose other days, or compare with nothing."), field="compare")  # fmt: skip
        if self.compare and self.period.kind == FROM_TO and not (self.period.first and self.period.last):
            raise DefinitionWrong(_("Set both days, so that there is something to compare with."), field="period")

    def as_json(self) -> dict[str, Any]:
        """The one form in which it is stored."""
        return {
            "source": self.source, "figure": self.figure, "rows": list(self.rows), "columns": list(self.columns),
            "filters": dict(self.filters), "period": self.period.as_json(), "compare": self.compare, "show": self.show,
            "sort": self.sort, "limit": self.limit,
        }  # fmt: skip

    def but(self, **other: Any) -> Definition:
        """The same with something else in it."""
        return replace(self, **other)


def _known(data: Mapping[str, Any], keys: frozenset[str]) -> None:
    strange = sorted(str(key) for key in data if key not in keys)
    if strange:
        raise DefinitionWrong(
            _("A report has no “%(what)s”. Build it again.") % {"what": strange[0][:40]}, field=strange[0][:40]
        )


def _text(data: Mapping[str, Any], key: str, usual: str) -> str:
    value = data.get(key) or usual
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        raise DefinitionWrong(field=key)
    return value


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = data.get(key) or ()
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise DefinitionWrong(field=key)
    return tuple(_text({key: value}, key, "") for value in values if value)


def _one_of(data: Mapping[str, Any], key: str, known: Mapping[str, Any], usual: str) -> str:
    value = _text(data, key, usual)
    if value not in known:
        raise DefinitionWrong(_("Choose one from the list."), field=key)
    return value


def _filters(data: Any) -> dict[str, str]:
    if not isinstance(data, Mapping) or len(data) > MOST_FILTERS:
        raise DefinitionWrong(_("Use at most %(n)s filters.") % {"n": MOST_FILTERS}, field="filters")
    return {_text({"filters": key}, "filters", ""): _text(data, key, "") for key in data if data[key]}


def _period(data: Any) -> Period:
    if not isinstance(data, Mapping):
        raise DefinitionWrong(field="period")
    _known(data, PERIOD_KEYS)
    kind = _one_of(data, "kind", KINDS, "this_month")
    first, last = (_day(data, end) if kind == FROM_TO else None for end in ("from", "to"))
    if kind == FROM_TO and not (first or last):
        raise DefinitionWrong(_("Set the first day or the last one."), field="period")
    if first and last and first > last:
        first, last = last, first
    return Period(kind=kind, by=_text(data, "by", ""), first=first, last=last)


def _day(data: Mapping[str, Any], key: str) -> date | None:
    try:
        day = date.fromisoformat(_text(data, key, "")) if data.get(key) else None
    except ValueError:
        day = date.min
    if day is not None and not 1900 <= day.year <= 2200:
        raise DefinitionWrong(_("Write the day as 2026-11-30."), field="period")
    return day


def _number(value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= LARGEST_LIMIT):
        raise DefinitionWrong(_("Show between 1 and %(n)s rows.") % {"n": LARGEST_LIMIT}, field="limit")
    return int(text)
