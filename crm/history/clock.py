"""The database's clock, for those who may replace it: tests, scenarios on a scratch database, and the demo company.

In a running installation `daybook_now()` is `clock_timestamp()` and nothing can set it. `movable` swaps in a function that first
looks at a setting of the connection; `show` sets it. The genuine function comes back when the block ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

_HEAD = "CREATE OR REPLACE FUNCTION daybook_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
GENUINE = _HEAD + "'SELECT clock_timestamp()'"
MOVABLE = (
    _HEAD + "'SELECT COALESCE(NULLIF(current_setting(''daybook.now'', true), '''')::timestamptz, clock_timestamp())'"
)


@contextmanager
def movable() -> Iterator[None]:
    """Let `show` move the stamps of connections to this database until the block ends."""
    _run(MOVABLE)
    try:
        yield
    finally:
        show(None)
        _run(GENUINE)


def show(moment: datetime | None) -> None:
    """Stamp everything on this connection with `moment`; None: with the real time again. Only within `movable`."""
    _run("SELECT set_config('daybook.now', %s, false)", [moment.isoformat() if moment else ""])


def is_genuine() -> bool:
    """Whether stamps come from the real clock, as they must in a running installation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'daybook_now'")
        sources = [row[0].strip() for row in cursor.fetchall()]
    return sources == ["SELECT clock_timestamp()"]


def _run(sql: str, values: list[str] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
