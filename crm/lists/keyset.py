"""Pages by key: the next page begins behind the last row shown, so its cost does not grow with the pages before it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import is_naive

MOST_COUNTED = 1000

Rows = QuerySet[Any, Any]


class Counted(Subquery):
    """How many rows a query finds, as a column of another one."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: Rows, *, most: int | None = None) -> None:
        listed = rows.order_by().values("pk")
        super().__init__(listed if most is None else listed[:most])


SORTED = "sorted_by"
LAST: dict[str, tuple[Any, Any]] = {
    "DateField": (date(1, 1, 1), date(9999, 12, 31)),
    "DateTimeField": (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)),
}
"""What stands for an empty value, by the kind of column: below all others, above all others. Other kinds are numbers from 0 on."""


class Beyond(Func):
    """`(column, key) > (value, pk)`: bounds the scan of the index, and the database can tell how many rows are left."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *parts: Any, falling: bool) -> None:
        sign = "<" if falling else ">"
        super().__init__(*parts, template="%(expressions)s", arg_joiner="|", sign=sign)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        compiled = [compiler.compile(part) for part in self.source_expressions]
        column, key, value, pk = (statement for statement, _given in compiled)
        given = [one for _statement, parameters in compiled for one in parameters]
        return f"({column}, {key}) {self.extra['sign']} ({value}, {pk})", given


@dataclass(frozen=True)
class Order:
    """Rows in the order of one column, then of their keys in the same direction; turned, exactly the other way round.

    Empty values of a `nullable` column come last, as if they were beyond all others, so that one index serves both directions
    and a page begins behind any row.
    """

    column: str
    descending: bool = False
    nullable: bool = False
    reverse: bool = False

    @property
    def downwards(self) -> bool:
        """Whether the values fall from row to row."""
        return self.descending != self.reverse

    def turned(self) -> Order:
        return replace(self, reverse=not self.reverse)

    def key(self, model: Any) -> Any:
        """What rows of `model` are sorted by, to be annotated as `sorted_by`. An index over it is made of the same."""
        field = model._meta.get_field(self.column)
        if not self.nullable:
            return F(self.column)
        below, above = LAST.get(field.get_internal_type(), (-1, 2**62))
        return Coalesce(self.column, Value(below if self.descending else above, output_field=type(field)()))

    def of(self, rows: Rows, *, backwards: bool = False) -> Rows:
        """`rows` in this order, or exactly the other way round; those of a nullable column have their `sorted_by`."""
        sign = "-" if self.downwards != backwards else ""
        return rows.order_by(f"{sign}{self._name}", f"{sign}pk")

    def beyond(self, value: Any, pk: int, *, backwards: bool = False) -> Q:
        """What comes after the row with `value` and `pk` (before it, when `backwards`)."""
        falling = self.downwards != backwards
        return Q(Beyond(F(self._name), F("pk"), Value(value), Value(pk), falling=falling))

    @property
    def _name(self) -> str:
        return SORTED if self.nullable else self.column


@dataclass(frozen=True)
class Cursor:
    """The row at which a page begins: the value it is sorted by, and its key."""

    value: Any
    pk: int
    backwards: bool = False

    def __str__(self) -> str:
        plain = self.value.isoformat() if isinstance(self.value, date) else self.value
        return urlsafe_b64encode(json.dumps([plain, self.pk]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, written: str, order: Order, rows: Rows, *, backwards: bool) -> Cursor | None:
        """The cursor in an address; None for anything that we did not write."""
        try:
            padded = written + "=" * (-len(written) % 4)
            plain, pk = json.loads(urlsafe_b64decode(padded.encode("ascii")))
            value = rows.model._meta.get_field(order.column).to_python(plain)
        except (ValueError, TypeError, ValidationError, RecursionError):
            return None
        if not isinstance(pk, int) or _unfit(value):
            return None
        return cls(value, pk, backwards)


def _unfit(value: Any) -> bool:
    """Whether the database could not compare with it."""
    if isinstance(value, datetime):
        return is_naive(value)
    if isinstance(value, str):
        return "\x00" in value
    return value is None


@dataclass(frozen=True)
class Page:
    """The rows of one page, as they stand, with the ways on."""

    rows: list[Any]
    previous: Cursor | None
    next: Cursor | None


def page(rows: Rows, order: Order, cursor: Cursor | None, size: int) -> Page:
    """Read one page of a `.values()` query that has `pk_` and `sorted_by`; one statement. One row more tells whether there is more."""
    backwards = bool(cursor and cursor.backwards)
    if cursor:
        rows = rows.filter(order.beyond(cursor.value, cursor.pk, backwards=backwards))
    found = list(order.of(rows, backwards=backwards)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    has_previous = more if backwards else cursor is not None
    has_next = cursor is not None if backwards else more
    return Page(
        rows=found,
        previous=Cursor(first["sorted_by"], first["pk_"], True) if first and has_previous else None,
        next=Cursor(last["sorted_by"], last["pk_"]) if last and has_next else None,
    )
