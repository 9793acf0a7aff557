"""What stamps, history, periods and the deal's next step add to writing a task: server time with the triggers and without, in turns."""

from __future__ import annotations

import json
from statistics import median

from django.db import connection, transaction

from crm.models import Task

WRITES = 60
TURNS = 5


def ratio() -> float:
    """How many times the server time of a plain write it takes to move a task's due date. Nothing is kept."""
    ids = list(Task.objects.open().order_by("pk").values_list("pk", flat=True)[: WRITES * 10 : 10])
    with_them, plain = [], []
    with transaction.atomic():
        for _turn in range(TURNS):
            with_them += [_write(pk) for pk in ids]
            _triggers("DISABLE")
            plain += [_write(pk) for pk in ids]
            _triggers("ENABLE")
        transaction.set_rollback(True)
    return median(with_them) / median(plain)


def _write(pk: int) -> float:
    """Milliseconds of one write on the server, the triggers' among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) UPDATE crm_task SET due_at = due_at + interval '1 hour' WHERE id = %s",
            [pk],
        )
        found = cursor.fetchone()[0]
    return float((json.loads(found) if isinstance(found, str) else found)[0]["Execution Time"])


def _triggers(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE crm_task {what} TRIGGER USER")
