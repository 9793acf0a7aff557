"""What a chunk of rows came to, written down in a few statements: verdicts on the rows, what was made beside them, what was changed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from migrations_data.loading.context import Context, Verdict
from migrations_data.models import Action

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
        cursor.execute(RECORD, [json.dumps(rows)])


CHANGED = """
INSERT INTO migrations_data_importchange (of_import_id, row_id, record_type, record_id, action, before, after)
SELECT %s, v.row_id, v.record_type, v.record_id, v.action, v.before, v.after
FROM jsonb_to_recordset(%s::jsonb) AS v (
    row_id bigint, record_type text, record_id bigint, action text, before jsonb, after jsonb
)
"""


def changes(context: Context) -> None:
    """Keep what was made beside the rows of the chunk, and how the records were that it changed: one statement."""
    lines = [{"record_type": kind, "record_id": pk, "action": Action.CREATED} for kind, pk in context.making] + [
        {
            "row_id": change.verdict.row.pk,
            "record_type": change.verdict.record_type,
            "record_id": change.record.pk,
            "action": Action.CHANGED,
            "before": change.side(0),
            "after": change.side(1),
        }
        for change in context.changed
    ]
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(CHANGED, [context.of.pk, json.dumps(lines)])
