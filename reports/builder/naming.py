"""What the values of dimensions are counted under, called, and in which order they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.together import together
from crm.folding import fold
from reports.builder.parts import NOT_SET, Dimension
from reports.builder.question import Question
from reports.builder.statement import Group

Order = tuple[Any, ...]


@dataclass(frozen=True)
class Named:
    """What a value is counted under (`to`), what that is called, and its place."""

    to: str
    label: str
    order: Order


class Names:
    """The names of all values that occur, read by one statement."""

    def __init__(self, question: Question, found: Sequence[Group]) -> None:
        self._asker = question.asker
        self._dimensions = question.dimensions
        self._height = len(question.rows_by)
        self._to: list[dict[Any, Named]] = [{} for _dimension in self._dimensions]
        queries: dict[int, Any] = {}
        for place, dimension in enumerate(self._dimensions):
            values = self._values(found, place)
            if dimension.names and values:
                queries[place] = dimension.names(sorted(values), self._asker)
        for place, rows in zip(queries, together(*queries.values()), strict=True):
            self._to[place] = {row["key_"]: _named(row) for row in rows}
        self._by_key = [{one.to: one for one in known.values()} for known in self._to]

    def _values(self, found: Sequence[Group], place: int) -> set[Any]:
        """The values of a dimension that occur, each once."""
        down = place < self._height
        at = place if down else place - self._height
        parts = (group.rows if down else group.columns for group in found)
        values = (part[at] for part in parts if len(part) > at and part[at] is not None)
        return {one for many in values for one in many} if self._dimensions[place].several else set(values)

    def under(self, place: int, value: Any) -> list[str]:
        """The keys that a value is counted under, each once."""
        dimension = self._dimensions[place]
        values = (value or [None]) if dimension.several else [value]
        return list(dict.fromkeys(self._key(place, dimension, one) for one in values))

    def _key(self, place: int, dimension: Dimension, value: Any) -> str:
        if dimension.names is None:
            return NOT_SET if value is None else str(value)
        named = self._to[place].get(value)
        return named.to if named else NOT_SET

    def label(self, place: int, key: str) -> str:
        """What a key is called."""
        if key == NOT_SET:
            return _("Not set")
        words = self._dimensions[place].words
        if words:
            return words(key, self._asker)
        named = self._by_key[place].get(key)
        return named.label if named else key

    def order(self, place: int, key: str) -> Order:
        """Where a key stands among its siblings; what is not set comes last."""
        dimension = self._dimensions[place]
        if key == NOT_SET:
            return (2,)
        if dimension.is_time:
            return (0, key.zfill(10))
        if key in dimension.order:
            return (0, dimension.order.index(key))
        named = self._by_key[place].get(key)
        return (1, *(named.order if named else ()), fold(self.label(place, key)), key)


def _named(row: dict[str, Any]) -> Named:
    place = row["place_"]
    return Named(str(row["to_"]), str(row["name_"]), (place is None, place or 0))
