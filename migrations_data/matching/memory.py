"""Answers of earlier imports: what somebody said of a row once holds when the same row comes again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from migrations_data.loading.context import Context
from migrations_data.loading.rows import Row
from migrations_data.models import Answer, ImportQuestion, Status


def key_of(row: Row) -> str:
    """What a row is known again by: its key in the source, or all that it says."""
    if row.own_key:
        return row.key
    return f"{row.key}~{sha256(json.dumps(row.values, sort_keys=True).encode()).hexdigest()[:20]}"


def remembered(context: Context, record_type: str, rows: Sequence[Row]) -> dict[int, int]:
    """The records that rows became in earlier imports because somebody said so, by row: one statement."""
    keys = {key_of(row): row.pk for row in rows}
    said = ImportQuestion.objects.filter(
        record_type=record_type,
        key__in=keys,
        answer__in=(Answer.SAME, Answer.OTHER),
        row__record_type=record_type,
        row__record_id__isnull=False,
    )
    said = said.exclude(of_import=context.of).exclude(of_import__status=Status.UNDONE).order_by("pk")
    return {keys[key]: record for key, record in said.values_list("key", "row__record_id") if record}
