"""Several queries in one trip to the database: a page made of many small lists waits once instead of many times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import JSONField, QuerySet
from django.db.models.query import ValuesIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Compiled = tuple[str, tuple[Any, ...], SQLCompiler]
MOST_ARGUMENTS = 100
"""So many a function of the database takes."""


def together(*queries: QuerySet[Any, Any]) -> list[list[Any]]:
    """The rows of each query, all read by one statement: records, or dicts where it asks for `values()`.

    Each query becomes one column of JSON, which the types of its fields turn back into values. Records bring along what
    `select_related` names; what the ORM would fetch by further statements (prefetch_related) is not fetched.
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
    """The statement, its parameters and what knows its columns; None for a query that cannot have rows."""
    compiler = query.query.get_compiler(connection=connection)
    try:
        statement, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    return statement, parameters, compiler


def _ask(compiled: list[Compiled]) -> list[list[list[list[Any]]]]:
    parts: list[str] = []
    parameters: list[Any] = []
    for statement, given, compiler in compiled:
        names = [f"c{n}" for n in range(len(compiler.select))]
        handfuls = [names[first : first + MOST_ARGUMENTS] for first in range(0, len(names), MOST_ARGUMENTS)]
        row = ", ".join(f"json_build_array({', '.join(handful)})" for handful in handfuls)
        # The order of the inner query is kept: json_agg takes rows as they come.
        parts.append(
            f"(SELECT COALESCE(json_agg(json_build_array({row})), '[]')::text FROM ({statement}) AS t ({', '.join(names)}))"  # noqa: S608
        )
        parameters += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return [json.loads(text, parse_float=Decimal) for text in cursor.fetchone()]


def _rows(query: QuerySet[Any, Any], compiler: SQLCompiler, rows: list[list[list[Any]]]) -> Iterator[Any]:
    fields = [expression.output_field for expression, _sql, _alias in compiler.select]
    make = _as_values(query) if query._iterable_class is ValuesIterable else _as_records(query, compiler)
    for row in rows:
        yield make([_value(field, value) for field, value in zip(fields, chain(*row), strict=True)])


def _as_values(query: QuerySet[Any, Any]) -> Callable[[list[Any]], Any]:
    names = _names(query)
    return lambda values: dict(zip(names, values, strict=True))


def _as_records(query: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[list[Any]], Any]:
    """As the ORM makes them of a row: the record, the records it names (select_related), its annotations."""
    info: Any = compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    columns = [expression.target.attname for expression, _sql, _alias in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, query.db)  # type: ignore[call-arg]
    annotations: Any = compiler.annotation_col_map

    def make(values: list[Any]) -> Any:
        record = info["model"].from_db(query.db, columns, values[first:last])
        for one in related:
            one.populate(values, record)
        for name, place in annotations.items():
            setattr(record, name, values[place])
        return record

    return make


def _names(query: QuerySet[Any, Any]) -> list[str]:
    """The keys of `values()`, in the order of its columns."""
    asked = query.query
    return list(asked.selected) if asked.selected else [*asked.values_select, *asked.annotation_select]


def _value(field: Any, value: Any) -> Any:
    return value if value is None or isinstance(field, JSONField) else field.to_python(value)
