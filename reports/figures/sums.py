"""Figures added up: by person and part, then for teams and the company; and read back out of what a reading keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from reports.figures.base import Figure, Tallied
from reports.moments import Span

GROUPED = """
SELECT person, part, COALESCE(currency, ''), count(*), COALESCE(sum(minor), 0)::bigint
FROM ({records}) AS records {of} GROUP BY 1, 2, 3
"""


@dataclass
class Sum:
    """So many records, and what they hold in minor units (or hundredths) by currency ("" where it is no money)."""

    count: int = 0
    minor: dict[str, int] = field(default_factory=dict)

    def add(self, count: int, minor: Mapping[str, int]) -> None:
        self.count += count
        for currency, amount in minor.items():
            self.minor[currency] = self.minor.get(currency, 0) + amount

    @property
    def stored(self) -> list[Any]:
        return [self.count, {currency: amount for currency, amount in self.minor.items() if currency or amount}]

    @classmethod
    def of(cls, stored: Iterable[Any]) -> Sum:
        """From what a reading keeps: [records, {currency: minor units}]."""
        count, minor = stored
        return cls(count, dict(minor))


class Sums:
    """The sums of figures by part: of a person, a team, or everybody."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))

    @classmethod
    def of(cls, *figures: Mapping[str, Mapping[str, Iterable[Any]]]) -> Sums:
        """Added up from the `figures` of one or more rows of a reading."""
        added = cls()
        for row in figures:
            for key, parts in row.items():
                for part, stored in parts.items():
                    count, minor = stored
                    added.add(key, part, count, minor)
        return added

    def add(self, key: str, part: str, count: int, minor: Mapping[str, int]) -> None:
        self._sums[key][part].add(count, minor)

    def parts(self, key: str) -> dict[str, Sum]:
        """The sums of a figure by part; empty for none."""
        return dict(self._sums.get(key, {}))

    def whole(self, key: str, *parts: str) -> Sum:
        """The sum of a figure over all its parts, or over these."""
        whole = Sum()
        for part, one in self.parts(key).items():
            if not parts or part in parts:
                whole.add(one.count, one.minor)
        return whole

    @property
    def stored(self) -> dict[str, dict[str, list[Any]]]:
        """As a reading keeps them."""
        return {key: {part: one.stored for part, one in parts.items()} for key, parts in self._sums.items()}


def measured(figures: Iterable[Figure], span: Span) -> Iterator[tuple[str, int, str, str, int, int]]:
    """Rows figure, person, part, currency, records, minor units as of a moment, for everybody: one statement a figure."""
    for figure in figures:
        rows = figure.people(span) if figure.people else _grouped(figure, span)
        for row in rows:
            yield (figure.key, *row)


def live(figures: Iterable[Figure], span: Span, people: Sequence[int]) -> dict[int, Sums]:
    """The sums of some people as of a moment, by person: one statement for all figures."""
    listed = list(figures)
    parts = [
        f"SELECT %(key_{n})s, grouped.* FROM ({GROUPED.format(records=one.records, of='WHERE person = ANY(%(people)s)')}) AS grouped"
        for n, one in enumerate(listed)
    ]
    keys = {f"key_{n}": one.key for n, one in enumerate(listed)}
    found = {person: Sums() for person in people}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {**span.parameters, **keys, "people": list(people)})
        for key, person, part, currency, count, minor in cursor.fetchall():
            found[person].add(key, part, count, {currency: minor})
    return found


def _grouped(figure: Figure, span: Span) -> list[Tallied]:
    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(records=figure.records, of=""), span.parameters)
        return cursor.fetchall()
