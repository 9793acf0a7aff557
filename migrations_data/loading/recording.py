"""What a chunk of rows came to, written down in a few statements: verdicts on the rows, what was made beside them, what was changed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from migrations_data.loading.context import Context, Verdict
from migrations_data.models import Action, ImportChange

RECORD = """
UPDATE migrations_data_importrow r
SET outcome = v.outcome, code = v.code, "column" = v."column", detail = v.detail, key = v.key, "values" = v."values",
    changes = v.changes, record_type = v.record_type, record_id = v.record_id
FROM jsonb_to_recordset(%s::jsonb) AS v (
    id bigint, outcome text, code text, "column" text, detail text, key text, "values" jsonb, changes jsonb, record_type text,
    record_id bigint
)
WHERE r.id = v.id
"""


def verdicts(said: Sequence[Verdict], *, kept: bool) -> None:
    """Write verdicts to their rows in one statement. Those of a preview have no records: they are not `kept`."""
    if not said:
        return
    rows = [
        {
            "id": verdict.row.pk,
            "outcome": verdict.outcome,
            "code": verdict.problem.code if verdict.problem else "",
            "column": verdict.problem.column[:200] if verdict.problem else "",
            "detail": verdict.problem.detail[:300] if verdict.problem else "",
            "key": verdict.row.key,
            "values": (verdict.values or None) if kept else None,
            "changes": verdict.changes or None,
            "record_type": verdict.record_type if kept else "",
            "record_id": verdict.record_id if kept else None,
        }
        for verdict in said
    ]
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [json.dumps(rows, cls=DjangoJSONEncoder)])


def made(context: Context) -> None:
    """Keep what was made beside the rows of the chunk."""
    ImportChange.objects.bulk_create(
        ImportChange(of_import=context.of, record_type=kind, record_id=pk, action=Action.CREATED)
        for kind, pk in context.making
    )
