"""Imports as people ask for them: files uploaded, a preview wanted, a run wanted. The work itself is in `work`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.models import CompanySettings
from crm.services import undoing_lists
from migrations_data import tasks
from migrations_data.loading import again
from migrations_data.loading.rows import cell_of
from migrations_data.models import LOADED, Import, ImportFile, ImportRow, ImportSheet, Status
from migrations_data.reading.limits import Limits
from migrations_data.reading.parent import Unreadable
from migrations_data.services import columns, differences, matches, profiles, verdicts
from migrations_data.undoing import made as made_by

MOST_FILES = 20
AT_ONCE = 200
"""So many rows are judged again while somebody waits for the page; more are left to a worker."""
OPEN = (Status.PREVIEWED, Status.DONE, Status.CANCELLED, Status.FAILED)
"""When single rows can be corrected and judged again."""
STOPPABLE = (Status.PREVIEWING, Status.RUNNING)
"""What can be cancelled while a worker is at it."""


class NoFiles(Refused):
    code = "no_files"
    field = "files"
    message = _("Choose the files with your tables first.")


class TooManyFiles(Refused):
    code = "too_many_files"
    field = "files"
    message = _("Upload at most 20 files at once.")


class NothingChosen(Refused):
    code = "nothing_chosen"
    message = _("Every sheet is left out. Say of at least one what is in it.")


class TakenAlready(Refused):
    code = "taken_already"
    message = _("This row is in already. Change the record itself.")


class NotReady(Refused):
    code = "not_ready"
    message = _("This import has moved on. Open it again to see where it stands.")


@transaction.atomic
def upload(
    *,
    by: User,
    at: datetime,
    uploads: Sequence[File[bytes]],
    origin: str = "",
    currency: str = "",
    limits: Limits | None = None,
    background: bool = True,
) -> Import:
    """Take files in, to be read by a worker (or, not in the `background`, by the caller). Files given together belong together.

    Raises NoFiles, TooManyFiles, Unreadable.
    """
    ensure(by, Permission.IMPORT_RUN)
    if not uploads:
        raise NoFiles
    if len(uploads) > MOST_FILES:
        raise TooManyFiles
    made = Import.objects.create(
        created_by=by,
        created_at=at,
        origin=" ".join(origin.split())[:30],
        currency=(currency or CompanySettings.current().currency).upper()[:3],
    )
    for position, content in enumerate(uploads):
        _keep(made, position, content, limits or Limits())
    return _hand_over(made, background)


def _keep(made: Import, position: int, content: File[bytes], limits: Limits) -> None:
    name = (content.name or "table").replace("\\", "/").rpartition("/")[2][:200]
    if content.size > limits.file_bytes:
        raise Unreadable("file", limits.file_bytes).about(name)
    digest = hashlib.sha256()
    for part in content.chunks():
        digest.update(part)
    ImportFile.objects.create(
        of_import=made, name=name, content=content, size=content.size, sha256=digest.hexdigest(), position=position
    )


@transaction.atomic
def confirm(
    *,
    of: Import,
    by: User,
    at: datetime,
    sheets: Mapping[int, Mapping[int, Mapping[str, Any]]],
    remember: str = "",
    background: bool = True,
) -> Import:
    """Say what the columns of its sheets are (sheet -> index -> what `columns.set_columns` takes), all or nothing, and ask for a
    preview once every word of the tables is understood. `remember` is the name of a profile to keep them under."""
    for sheet in ImportSheet.objects.filter(file__of_import=of, pk__in=sheets).select_related("file__of_import"):
        columns.set_columns(sheet=sheet, columns=sheets[sheet.pk], by=by)
    if remember.strip():
        profiles.remember(of=of, name=remember, by=by, at=at)
    matches.collect(of)
    return of if matches.unsure(of) else preview(of=of, by=by, at=at, background=background)


@transaction.atomic
def confirm_words(*, of: Import, by: User, at: datetime, chosen: Mapping[int, str], background: bool = True) -> Import:
    """Say what the words of the tables mean here (see `matches.decide`) and ask for a preview."""
    matches.decide(of=of, by=by, chosen=chosen)
    return preview(of=of, by=by, at=at, background=background)


@transaction.atomic
def preview(*, of: Import, by: User, at: datetime, background: bool = True) -> Import:
    """Ask for everything to be tried without keeping it. Raises NothingChosen, NotReady and what `columns` refuses."""
    ensure(by, Permission.IMPORT_RUN, of)
    locked = _lock(of, Status.READ, Status.PREVIEWED)
    _begin_anew(of, by, at)
    return _hand_over(_move(locked, Status.PREVIEWING), background)


@transaction.atomic
def run(*, of: Import, by: User, at: datetime, background: bool = True) -> Import:
    """Ask for the import itself. One that was broken off goes on where it stood. Raises what `preview` does."""
    ensure(by, Permission.IMPORT_RUN, of)
    locked = _lock(of, Status.READ, Status.PREVIEWED, Status.FAILED, Status.CANCELLED)
    if locked.status in (Status.READ, Status.PREVIEWED):
        _begin_anew(of, by, at)
        profiles.learn(of)
    elif not locked.rows_done:
        raise NotReady
    return _hand_over(_move(locked, Status.RUNNING), background)


@transaction.atomic
def cancel(*, of: Import, by: User, at: datetime) -> Import:
    """Stop the work between two chunks. A run keeps what it has: it can go on, or be undone. A preview, and a run that has nothing yet,
    lead back to the columns.

    Raises NotReady.
    """
    ensure(by, Permission.IMPORT_RUN, of)
    locked = _lock(of, *STOPPABLE)
    has_some = locked.status == Status.RUNNING and locked.rows_done
    return _move(locked, Status.CANCELLED if has_some else Status.READ)


@transaction.atomic
def correct(*, row: ImportRow, cells: Mapping[int, Any], by: User, at: datetime) -> Import:
    """Put right cells of a row, by the index of their columns, and judge it again. What the file says stays beside it; to say the same
    again takes a correction back.

    Raises NotReady, TakenAlready.
    """
    of = row.sheet.file.of_import
    ensure(by, Permission.IMPORT_RUN, of)
    tried = _lock_open(of, *OPEN).status == Status.PREVIEWED
    locked = ImportRow.objects.select_for_update().get(pk=row.pk)
    if not tried and locked.outcome in LOADED:
        raise TakenAlready
    again.take_back(of=of, rows=[row.pk], by=by, at=at, loaded_too=tried)
    fixes = dict(locked.fixes or {})
    for index, value in cells.items():
        said = cell_of(index, locked.cells, locked.extras)
        fixes[str(index)] = value
        if str(value) == ("" if said is None else str(said)):
            del fixes[str(index)]
    ImportRow.objects.filter(pk=row.pk).update(fixes=fixes or None)
    return judge_again(of=of, rows=[row.pk], by=by, at=at)


@transaction.atomic
def judge_again(*, of: Import, rows: Sequence[int], by: User, at: datetime, background: bool = True) -> Import:
    """Judge rows once more after something about them was decided: a few at once, many by a worker. Once an import was run, those that
    are not in yet are loaded. Before the first preview there is nothing to judge.

    Raises NotReady.
    """
    ensure(by, Permission.IMPORT_RUN, of)
    locked = _lock_open(of, Status.READ, *OPEN)
    if locked.status == Status.READ:
        return locked
    tried = locked.status == Status.PREVIEWED
    if tried and len(rows) > AT_ONCE:
        return preview(of=of, by=by, at=at, background=background)
    pks = again.take_back(of=locked, rows=rows, by=by, at=at, loaded_too=tried)
    if locked.status == Status.DONE and len(pks) > AT_ONCE:
        return _hand_over(_move(locked, Status.RUNNING), background)
    if locked.status in (Status.PREVIEWED, Status.DONE):
        again.judge(of=locked, by=by, at=at, rows=pks, commit=not tried)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def give_up(*, of: Import, by: User, at: datetime) -> None:
    """Forget an import that has not been run: its rows and files go, and what was added to lists for it. Raises NotReady."""
    ensure(by, Permission.IMPORT_RUN, of)
    locked = _lock(of, Status.LOCKED, Status.READ, Status.PREVIEWED, Status.FAILED)
    if locked.status == Status.FAILED and locked.rows_done:
        raise NotReady
    for kind in made_by.LISTED:
        undoing_lists.take_out(kind=kind, keys=made_by.keys(locked, kind), by=by, at=at)
    kept = [file.content for file in locked.files.all()]
    locked.delete()
    transaction.on_commit(lambda: _remove(kept))


def _remove(kept: Sequence[FieldFile]) -> None:
    for content in kept:
        content.delete(save=False)


def _hand_over(of: Import, background: bool) -> Import:
    """Tell a worker once the transaction stands; should that get lost, the timetable finds the import."""
    if background:
        transaction.on_commit(lambda: tasks.nudge(of.pk))
    return of


def _begin_anew(of: Import, by: User, at: datetime) -> None:
    """Make sure that there is something to import, and forget what an earlier preview found."""
    differences.ensure_accepted(of)
    sheets = list(ImportSheet.objects.filter(file__of_import=of).exclude(kind=""))
    if not sheets:
        raise NothingChosen
    for sheet in sheets:
        columns.settle(sheet=sheet, by=by, at=at)
    matches.collect(of)
    verdicts.forget(of)


def _lock(of: Import, *statuses: Status) -> Import:
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.status not in statuses or locked.undone_at:  # what is half undone can only be undone
        raise NotReady
    return locked


def _lock_open(of: Import, *statuses: Status) -> Import:
    """The same of one that nobody has closed."""
    locked = _lock(of, *statuses)
    if locked.closed_at is not None:
        raise NotReady
    return locked


def _move(of: Import, to: Status) -> Import:
    Import.objects.filter(pk=of.pk).update(status=to, error="", error_code="", started_at=None, finished_at=None)
    of.refresh_from_db()
    return of
