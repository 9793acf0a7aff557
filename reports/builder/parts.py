"""What a source of reports is made of: by what its records can be divided, which figures they give, and by which of their dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from accounts import policy
from accounts.policy import Use
from crm.lists import Asker, Filter

Label = str | Promise
Rows = QuerySet[Any, Any]
Expression = Combinable
NOT_SET = ""
"""The key of records that have none."""


class Kind(StrEnum):
    """What the values of a dimension are: keys of records, texts, days, or numbers (of a weekday, an hour, a year)."""

    RECORD = "record"
    TEXT = "text"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """By what records can be divided. `key` is stored in definitions for ever; `field` of `of` (the source's own model when None)
    must be readable.

    `value` is the expression of a record's value, an array of them where a record has `several`. `names` reads what the values are
    called: rows `key_` (the value), `to_` (what it is counted under: itself, or what it is folded into, as a person into his team),
    `name_`, `place_` (its order; NULL for that of the names). `words` names values without asking the database, in the order of
    `order`. `picks` narrows to the records of one key where it is not simply the value; `called` then reads what a key is called.
    """

    key: str
    label: Label
    field: str
    of: type[Model] | None = None
    value: Callable[[Asker], Any]
    kind: Kind = Kind.RECORD
    several: bool = False
    names: Callable[[Sequence[Any], Asker], Rows] | None = None
    words: Callable[[str, Asker], str] | None = None
    order: Sequence[str] = ()
    picks: Callable[[Rows, str, Asker], Rows] | None = None
    called: Callable[[Sequence[Any], Asker], Rows] | None = None
    unit: str = ""
    icon: str = ""

    @property
    def folds(self) -> bool:
        """Whether several values may come under one key, or one record under several."""
        return self.several or self.picks is not None

    @property
    def is_time(self) -> bool:
        return bool(self.unit)


class How(StrEnum):
    """What is made of the values of the records."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    RATE = "rate"


class Holds(StrEnum):
    """How a figure reads."""

    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"
    POINTS = "points"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What is counted. `value` gives a record's value, NULL for one that is not looked at; money has its `currency` beside it and
    is never added up over currencies. A rate is the average of ones and noughts. `among` are the only records it is about, `by`
    the date that it goes by unless another is asked for (the source's first when empty)."""

    key: str
    label: Label
    how: How = How.COUNT
    holds: Holds = Holds.COUNT
    value: Callable[[Asker], Any] | None = None
    currency: Callable[[Asker], Any] | None = None
    among: Q | None = None
    by: str = ""
    field: str = ""
    of: type[Model] | None = None
    note: Label = ""


@dataclass(frozen=True, kw_only=True)
class Date:
    """A date of the records, by which a period is meant. `ahead` ones lie in the future too."""

    key: str
    label: Label
    column: str
    field: str
    of: type[Model] | None = None
    is_instant: bool = True
    ahead: bool = False


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a record stands in a list: the column of its name (`words` says its values), whom it is with, whose it is, and what it
    leads to: the first of `leads` (the name of a page, the key for it) that is there for the reader."""

    heading: Label
    title: str
    leads: Sequence[tuple[str, Callable[[Asker], Any]]]
    whom: str = ""
    person: str = ""
    words: Callable[[str], str] | None = None


def _none() -> Sequence[Any]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Source:
    """What reports can be about: records of one model, in the reader's own scope (`rows`). The first figure and the first date are
    what a new report begins with. What a company added itself is asked for each time (`extra_…`)."""

    key: str
    label: Label
    model: type[Model]
    icon: str
    rows: Callable[[Any], Rows]
    dates: Sequence[Date]
    dimensions: Sequence[Dimension]
    figures: Sequence[Figure]
    filters: Callable[[Any], Sequence[Filter]]
    shown: Shown
    extra_dimensions: Callable[[], Sequence[Dimension]] = _none
    extra_figures: Callable[[], Sequence[Figure]] = _none

    def dates_for(self, user: Any, use: Use = Use.READ) -> list[Date]:
        return [one for one in self.dates if self.allows(user, one.of, one.field, use)]

    def dimensions_for(self, user: Any, use: Use = Use.READ) -> list[Dimension]:
        every = [*self.dimensions, *self.extra_dimensions()]
        return [one for one in every if self.allows(user, one.of, one.field, use)]

    def figures_for(self, user: Any, use: Use = Use.READ) -> list[Figure]:
        every = [*self.figures, *self.extra_figures()]
        return [one for one in every if not one.field or self.allows(user, one.of, one.field, use)]

    def filters_for(self, user: Any) -> list[Filter]:
        return [one for one in self.filters(user) if self.allows(user, one.of, one.field, Use.READ)]

    def allows(self, user: Any, of: type[Model] | None, name: str, use: Use) -> bool:
        """Whether the policy gives this person a field."""
        return name in policy.fields(user, of or self.model, use)


def column(name: str) -> Callable[[Asker], Any]:
    """A column of the record, as it is."""
    return lambda asker: F(name)
