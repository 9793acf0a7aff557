"""The work on imports: taken up wherever it stands, by one worker at a time, and safe to begin again after any crash."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from accounts.refusals import Refused
from migrations_data.loading import engine
from migrations_data.models import Import, Status
from migrations_data.reading.limits import Limits
from migrations_data.services import audit, news, staging, verdicts
from migrations_data.undoing import doing

logger = logging.getLogger(__name__)

ONE_AT_A_TIME = 7214811
"""Session lock of whoever works on an import; the database lets go of it when the worker dies."""
SLICE_SECONDS = 120
"""A run hands itself over after so long, well within a task's time limit."""


class Busy(Exception):
    """Somebody else works on an import at this moment."""


@contextmanager
def alone() -> Iterator[None]:
    """Be the only one who works on an import. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise Busy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def carry_on(
    *,
    import_id: int,
    at: datetime,
    seconds: float = SLICE_SECONDS,
    progress: Callable[[int], None] = lambda done: None,
    limits: Limits | None = None,
) -> Import:
    """Do what an import waits for: be read, tried, run or undone. With nothing to do, nothing happens.

    What refuses it is written on it. A run that is not through within `seconds` stays RUNNING, to be taken up again.
    Raises Busy.
    """
    with alone():
        of = Import.objects.select_related("created_by").get(pk=import_id)
        try:
            _do(of, at, seconds, progress, limits)
        except Refused as refusal:
            _fail(of, refusal.code, str(refusal.message))
        except Exception:
            logger.exception("Import %s broke off", of.pk)
            _fail(of, "unexpected", "")
            raise
    of.refresh_from_db()
    return of


def _do(of: Import, at: datetime, seconds: float, progress: Callable[[int], None], limits: Limits | None) -> None:
    match of.status:
        case Status.UPLOADED:
            staging.read_files(of=of, limits=limits)
        case Status.PREVIEWING:
            if engine.preview(of=of, by=of.created_by, at=at, progress=progress):
                Import.objects.filter(pk=of.pk, status=Status.PREVIEWING).update(status=Status.PREVIEWED)
        case Status.RUNNING:
            if engine.run(of=of, by=of.created_by, at=at, seconds=seconds, progress=progress):
                audit.take(of=of, at=at)
                news.finish(of=of, at=at)
        case Status.UNDOING:
            doing.carry_out(of=of, by=of.created_by, at=at, seconds=seconds, progress=progress)


def _fail(of: Import, code: str, message: str) -> None:
    """Write down why it stopped. What a preview had found is forgotten: a run that is taken up begins after what is in."""
    if of.status == Status.PREVIEWING:
        verdicts.forget(of)
    Import.objects.filter(pk=of.pk).update(status=Status.FAILED, error_code=code, error=message)
