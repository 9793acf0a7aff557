"""How much the fields are used: records with a value, records with an option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from crm.custom.fields import MODELS
from crm.models import CustomField, CustomKind


def filled() -> dict[tuple[str, str], int]:
    """(noun, key) -> how many records that were not deleted have a value. One statement for all fields."""
    each = " UNION ALL ".join(
        f"SELECT '{noun}', key, count(*) FROM {table_of(noun)}, jsonb_object_keys(custom) key"  # noqa: S608 - no value of anybody's
        " WHERE custom <> '{}' AND deleted_at IS NULL GROUP BY key"
        for noun in map(str, MODELS)
    )
    return {(noun, key): count for noun, key, count in _rows(each, [])}


def with_options(field: CustomField, options: Sequence[str]) -> dict[str, int]:
    """How many records that were not deleted have each of these options; none for those that nobody chose."""
    if not options:
        return {}
    one = "custom ->> %s"
    listed = table_of(field.noun)
    if field.kind == CustomKind.CHOICES:
        listed, one = f"{listed}, jsonb_array_elements_text(custom -> %s) chosen", "chosen"
    asked = (
        f"SELECT {one}, count(*) FROM {listed} WHERE deleted_at IS NULL AND custom ? %s AND {one} = ANY(%s) GROUP BY 1"  # noqa: S608
    )
    keys = [field.key] * (asked.count("%s") - 1)
    return dict(_rows(asked, [*keys, list(options)]))


def table_of(noun: str) -> str:
    """The table of the noun's records."""
    return str(MODELS[noun]._meta.db_table)


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
