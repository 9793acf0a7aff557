"""The statement of a report: every cell and every total, grouped by the database in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast

from reports.builder.question import Question

MOST = 20_000
"""So many groups are read; of a report with more, the totals and the largest ones."""
NO_VALUE = Cast(Value(None), IntegerField())
NO_CURRENCY = Value("", output_field=CharField())
GROUPED = """
SELECT {mask}, {dimensions} before, COALESCE(currency, ''), count(*), count(value), sum(value)
FROM ({records}) AS r ({dimensions} value, currency, before)
GROUP BY GROUPING SETS ({sets})
ORDER BY 1 DESC, count(*) DESC, sum(value) DESC NULLS LAST
LIMIT %s"""


@dataclass(frozen=True)
class Group:
    """So many records with these values of the first `rows` and the first `columns` dimensions; `known` have a value, `total` in
    all. `before` ones are what is compared with."""

    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    before: bool
    currency: str
    count: int
    known: int
    total: Decimal


@dataclass(frozen=True)
class Groups:
    """The groups, and whether there were more of the finest ones."""

    found: list[Group]
    truncated: bool


def groups(question: Question) -> Groups:
    """Every level of rows by every level of columns, so that no total is added up from what is shown. One statement."""
    levels = [(r, c) for r in range(len(question.rows_by) + 1) for c in range(len(question.columns_by) + 1)]
    inner = [one for one in (_records(question, before=False), _records(question, before=True)) if one is not None]
    if not inner:
        return Groups([], False)
    names = [f"d{n}" for n in range(len(question.dimensions))]
    sets = [_set(names, level, len(question.rows_by)) for level in levels]
    statement = GROUPED.format(
        mask=f"grouping({', '.join(names)})" if names else "0",
        dimensions="".join(f"{name}, " for name in names),
        records=" UNION ALL ".join(records for records, _given in inner),
        sets=", ".join(f"({', '.join([*one, 'before', 'currency'])})" for one in sets),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(value for _records, given in inner for value in given), MOST + 1])
        rows = cursor.fetchall()
    by_mask = {_mask(names, one): level for one, level in zip(sets, levels, strict=True)}
    return _read(rows, by_mask, question)


def _records(question: Question, *, before: bool) -> tuple[str, Sequence[Any]] | None:
    """One row a record, as SQL; None where there can be none, or nothing to compare with."""
    if before and question.earlier is None:
        return None
    rows, _dimensions = question.divided(before=before)
    usual = {"value_": NO_VALUE, "currency_": NO_CURRENCY}
    rows = rows.annotate(**{name: none for name, none in usual.items() if name not in rows.query.annotations})
    names = [f"d{n}" for n in range(len(question.dimensions))]
    try:
        statement, given = rows.order_by().values_list(*names, "value_", "currency_").query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT i.*, {'true' if before else 'false'} FROM ({statement}) i", given  # noqa: S608 - the ORM's own SQL


def _set(names: Sequence[str], level: tuple[int, int], rows: int) -> list[str]:
    down, across = level
    return [*names[:down], *names[rows : rows + across]]


def _mask(names: Sequence[str], used: Sequence[str]) -> int:
    """What grouping() says of a set: a bit for each name that is not in it, the first one highest."""
    return sum(1 << (len(names) - 1 - place) for place, name in enumerate(names) if name not in used)


def _read(rows: Sequence[tuple[Any, ...]], by_mask: dict[int, tuple[int, int]], question: Question) -> Groups:
    """What was cut off belongs to the finest groups. Where one record counts in several of them, those would be too small without
    the rest, and none of that level is given."""
    truncated = len(rows) > MOST
    if truncated:
        last = rows[-1][0]
        folded = any(one.folds for one in question.dimensions)
        rows = [row for row in rows if row[0] != last] if folded else rows[:-1]
    return Groups(list(_groups(rows, by_mask, len(question.rows_by))), truncated)


def _groups(rows: Sequence[tuple[Any, ...]], by_mask: dict[int, tuple[int, int]], height: int) -> Iterator[Group]:
    for mask, *values, before, currency, count, known, total in rows:
        down, across = by_mask[mask]
        yield Group(
            tuple(values[:down]), tuple(values[height : height + across]), before, currency, count, known, Decimal(total or 0)
        )  # fmt: skip
