"""Several queries in one trip to the database: a page made of many small lists waits once instead of many times."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import JSONField, QuerySet
from django.db.models.query import ValuesIterable

Compiled = tuple[str, tuple[Any, ...], list[Any]]


def together(*queries: QuerySet[Any, Any]) -> list[list[Any]]:
    """The rows of each query, all read by one statement: records, or dicts where it asks for `values()`.

    Each query becomes one column of JSON, which the types of its fields turn back into values. What the ORM would fetch beside
    (select_related, prefetch_related) is not fetched: ask for `values()` with the columns of the other table.
    """
    compiled = [_compiled(query) for query in queries]
    asked = [one for one in compiled if one is not None]
    answers = iter(_ask(asked)) if asked else iter(())
    return [
        [] if one is None else list(_rows(query, one[2], next(answers)))
        for query, one in zip(queries, compiled, strict=True)
    ]


def counts(*queries: QuerySet[Any, Any]) -> list[int]:
    """How many rows each query has, all by one statement."""
    compiled = [_compiled(query.order_by() if not query.query.is_sliced else query) for query in queries]
    asked = [one for one in compiled if one is not None]
    if not asked:
        return [0] * len(compiled)
    parts = ", ".join(f"(SELECT COUNT(*) FROM ({statement}) AS t)" for statement, _given, _columns in asked)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [value for _statement, given, _columns in asked for value in given])
        answers = iter(cursor.fetchone())
    return [0 if one is None else next(answers) for one in compiled]


def _compiled(query: QuerySet[Any, Any]) -> Compiled | None:
    """The statement, its parameters and the expressions of its columns; None for a query that cannot have rows."""
    compiler = query.query.get_compiler(connection=connection)
    try:
        statement, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    return statement, parameters, [expression for expression, _sql, _alias in compiler.select]


def _ask(compiled: list[Compiled]) -> list[list[list[Any]]]:
    parts: list[str] = []
    parameters: list[Any] = []
    for statement, given, expressions in compiled:
        names = ", ".join(f"c{n}" for n in range(len(expressions)))
        # The order of the inner query is kept: json_agg takes rows as they come.
        parts.append(
            f"(SELECT COALESCE(json_agg(json_build_array({names})), '[]')::text FROM ({statement}) AS t ({names}))"  # noqa: S608
        )
        parameters += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return [json.loads(text, parse_float=Decimal) for text in cursor.fetchone()]


def _rows(query: QuerySet[Any, Any], expressions: list[Any], rows: list[list[Any]]) -> Iterator[Any]:
    fields = [expression.output_field for expression in expressions]
    for row in rows:
        values = [_value(field, value) for field, value in zip(fields, row, strict=True)]
        yield _made(query, expressions, values)


def _made(query: QuerySet[Any, Any], expressions: list[Any], values: list[Any]) -> Any:
    if query._iterable_class is ValuesIterable:
        return dict(zip(_names(query), values, strict=True))
    columns = [expression.target.attname for expression in expressions[: len(query.model._meta.concrete_fields)]]
    record = query.model.from_db(query.db, columns, values[: len(columns)])
    for name, value in zip(query.query.annotation_select, values[len(columns) :], strict=True):
        setattr(record, name, value)
    return record


def _names(query: QuerySet[Any, Any]) -> list[str]:
    """The keys of `values()`, in the order of its columns."""
    asked = query.query
    return list(asked.selected) if asked.selected else [*asked.values_select, *asked.annotation_select]


def _value(field: Any, value: Any) -> Any:
    return value if value is None or isinstance(field, JSONField) else field.to_python(value)
