"""Files for one person: small ones at once, large ones by a job that may be lost and taken up again."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.core.files import File as Stored
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.refusals import NotAllowed, Refused
from accounts.services import events
from crm.downloads import Produced, producers
from crm.exports import Table, written
from crm.history.fields import DaybookNow
from crm.models import Download, DownloadStatus
from crm.services.base import allow

log = logging.getLogger(__name__)

AT_ONCE = 5_000
"""So many rows are written while somebody waits for them."""
KEPT = timedelta(days=7)
MOST_WAITING = 5
MOST_ATTEMPTS = 3
STEP = 2_000
LOCK = 7214833
"""First half of the session lock of whoever writes a file; the database lets go of it when the worker dies."""


class TooManyWaiting(Refused):
    code = "too_many_waiting"
    message = gettext_lazy("Some files of yours are still being written. Wait until they are ready, or cancel one.")


class _Stopped(Exception):
    """Its person cancelled it while it was being written."""


@transaction.atomic
def take(*, key: str, params: Mapping[str, Any], by: User, at: datetime) -> Produced | Download:
    """What was asked for, ready to be written while `by` waits; for many rows a Download that a job will write.

    Raises what the producer refuses, and TooManyWaiting.
    """
    made = _produced(key, params, by, at)
    if made.rows > AT_ONCE:
        return ask(key=key, params=params, by=by, at=at, made=made)
    events.leave(kind=EventKind.EXPORTED, by=by, detail={**made.trace, "rows": made.rows})
    return made


@transaction.atomic
def ask(*, key: str, params: Mapping[str, Any], by: User, at: datetime, made: Produced | None = None) -> Download:
    """Have a file written by a job; `made` is what the producer said already. Raises what he refuses, and TooManyWaiting."""
    made = made or _produced(key, params, by, at)
    if Download.objects.at_work().filter(user=by).count() >= MOST_WAITING:
        raise TooManyWaiting
    download = Download.objects.create(
        user=by, key=key, params=dict(params), name=made.filename, total=made.rows, asked_at=at, expires_at=at + KEPT
    )
    transaction.on_commit(lambda: _nudge(download.pk))
    return download


@transaction.atomic
def cancel(*, download: Download, by: User, at: datetime) -> bool:
    """Write no more of a file; False when it is finished already."""
    allow(by, Permission.DOWNLOAD_VIEW, download)
    found = Download.objects.at_work().filter(pk=download.pk)
    return bool(found.update(status=DownloadStatus.CANCELLED, finished_at=at))


@transaction.atomic
def remove(*, download: Download, by: User, at: datetime) -> None:
    """Forget a file before its time."""
    allow(by, Permission.DOWNLOAD_VIEW, download)
    _forget(download)


def waiting() -> list[int]:
    """The files that are to be written next, the oldest first."""
    return list(Download.objects.at_work().order_by("pk").values_list("pk", flat=True)[:MOST_WAITING])


def tidy(*, at: datetime) -> int:
    """Take away what has been kept long enough; says how many files."""
    expired = list(Download.objects.filter(expires_at__lte=at).exclude(status=DownloadStatus.RUNNING)[:500])
    for download in expired:
        with transaction.atomic():
            _forget(download)
    return len(expired)


def carry_on(*, download_id: int, at: datetime) -> None:
    """Write a file from its beginning, with the rights that its person has by now. Nothing to do, nothing happens; whoever finds
    another at work on it goes home. What refuses it is written on it."""
    with _alone(download_id) as mine:
        download = Download.objects.at_work().select_related("user").filter(pk=download_id).first() if mine else None
        if download is None:
            return
        user = download.user
        with translation.override(user.language), timezone.override(ZoneInfo(user.zone)):
            try:
                _begin(download)
                _write(download, at)
            except _Stopped:
                return
            except NotAllowed:
                _fail(download, _("Your rights have changed since: you may not take this out any more."))
            except Refused as refusal:
                _fail(download, str(refusal.message))
            except Exception:
                log.exception("Download %s broke off", download.pk)
                _fail(download, "")
                raise


def _produced(key: str, params: Mapping[str, Any], by: User, at: datetime) -> Produced:
    producer = producers[key]
    allow(by, producer.permission)
    return producer.produce(by, params, at)


def _begin(download: Download) -> None:
    """Count the attempt: one that kills its worker each time must not go round for ever."""
    if download.attempts >= MOST_ATTEMPTS:
        raise Refused(_("The file could not be written. Narrow it with a filter, then ask for it again."))
    begun = Download.objects.at_work().filter(pk=download.pk)
    begun.update(status=DownloadStatus.RUNNING, attempts=F("attempts") + 1, rows=0, error="")


def _write(download: Download, at: datetime) -> None:
    made = _produced(download.key, download.params, download.user, at)
    Download.objects.filter(pk=download.pk).update(total=made.rows)
    tally = _Tally(download)
    tables = [replace(table, rows=tally.counted(table)) for table in made.tables]
    with written(tables, made.kind) as file:
        _finish(download, made, file, at)


class _Tally:
    """How far a file is, told to the page every now and then; there it also learns that nobody wants it any more."""

    def __init__(self, download: Download) -> None:
        self.pk, self.rows = download.pk, 0

    def counted(self, table: Table) -> Iterator[Any]:
        for row in table.rows:
            yield row
            self.rows += 1
            if self.rows % STEP == 0:
                running = Download.objects.filter(pk=self.pk, status=DownloadStatus.RUNNING)
                if not running.update(rows=self.rows):
                    raise _Stopped


def _finish(download: Download, made: Produced, file: IO[bytes], at: datetime) -> None:
    """Keep the file and the trace of it together; a file that is not wanted any more is not kept."""
    name = default_storage.save(Download.file.field.generate_filename(download, made.filename), Stored(file))
    try:
        with transaction.atomic():
            running = Download.objects.filter(pk=download.pk, status=DownloadStatus.RUNNING)
            if not running.update(
                status=DownloadStatus.DONE, file=name, name=made.filename, size=default_storage.size(name), rows=made.rows,
                finished_at=DaybookNow(), expires_at=at + KEPT,
            ):  # fmt: skip
                raise _Stopped
            events.leave(kind=EventKind.EXPORTED, by=download.user, detail={**made.trace, "rows": made.rows})
    except BaseException:
        default_storage.delete(name)
        raise


def _fail(download: Download, message: str) -> None:
    said = message or _(
        "Something went wrong while this was written. Ask for it again; if that fails too, tell your administrator."
    )
    failed = Download.objects.at_work().filter(pk=download.pk)
    failed.update(status=DownloadStatus.FAILED, error=said, finished_at=DaybookNow())


def _forget(download: Download) -> None:
    """Take the row away, and the file once that is certain."""
    name = download.file.name
    Download.objects.filter(pk=download.pk).delete()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


@contextmanager
def _alone(download_id: int) -> Iterator[bool]:
    """Whether nobody else writes this file at the moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, download_id % 2**31])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, download_id % 2**31])


def _nudge(download_id: int) -> None:
    """Have a worker begin now. A broker that is away costs nothing but the half minute until the timetable does."""
    from crm.tasks import write_download

    try:
        write_download.apply_async(kwargs={"download_id": download_id}, retry=False)
    except Exception as error:
        log.warning("Download %s waits for the timetable: the broker did not answer (%s).", download_id, error)
