"""Many rows in one statement."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from discipline.arrays import array

CHUNK = 2**16
"""So much is sent to the server at once."""


def insert(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], *, returning: str = ""
) -> list[tuple[Any, ...]]:
    """Insert the rows that are not there yet, in their order, and give back `returning` of those that were new.

    `columns` are names and SQL types. Rows that meet a unique key are passed over: somebody else has written them.
    """
    if not rows:
        return []
    names = ", ".join(columns)
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    asked = f" RETURNING {returning}" if returning else ""
    statement = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING{asked}"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(statement, [array(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall() if returning else []


def copy(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add rows that nobody else can have written, whole pages at a time: in two thirds of the time of `insert`, which looks first.

    Takes what `array` takes.
    """
    if not rows:
        return
    lines = io.StringIO("\n".join(["\t".join(map(_field, row)) for row in rows]))
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines, CHUNK)


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if not isinstance(value, str):
        return str(value)
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value
