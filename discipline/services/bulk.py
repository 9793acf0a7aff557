"""Many rows in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from discipline.arrays import array


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
