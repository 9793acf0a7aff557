"""Workbooks under a password: opened once with what the person types, kept open from then on. The password itself is kept nowhere."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data import tasks
from migrations_data.models import Import, ImportFile, Status
from migrations_data.reading import process
from migrations_data.reading.limits import Limits
from migrations_data.reading.parent import Unreadable, why

CODE = "file_password"
"""The code with which reading refuses what can be opened here."""
OLE = b"\xd0\xcf\x11\xe0"
DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105 - the well-known one that Excel itself tries on workbooks that are only write-protected


class NotLocked(Refused):
    code = "not_locked"
    message = _("This import does not wait for a password. Open it again to see where it stands.")


def by_itself(*, of: Import) -> bool:
    """Open what needs no password of a person, as Excel does; says whether there was anything."""
    return bool(_open_all(of, DEFAULT_PASSWORD))


def wait(*, of: Import, why: str) -> Import:
    """Let an import wait for a password; `why` names the file."""
    Import.objects.filter(pk=of.pk).update(status=Status.LOCKED, error_code=CODE, error=why)
    of.refresh_from_db()
    return of


@sensitive_variables("password")
@transaction.atomic
def unlock(*, of: Import, password: str, by: User, at: datetime, background: bool = True) -> Import:
    """Open the workbooks of an import that this password opens, and have them read. Raises NotLocked, Unreadable."""
    ensure(by, Permission.IMPORT_RUN, of)
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.status != Status.LOCKED:
        raise NotLocked
    if not _open_all(locked, password):
        refusal = Unreadable("wrong_password")
        refusal.field = "password"
        raise refusal
    locked.status, locked.error, locked.error_code = Status.UPLOADED, "", ""
    locked.save(update_fields=["status", "error", "error_code"])
    if background:
        transaction.on_commit(lambda: tasks.nudge(locked.pk))
    return locked


@sensitive_variables("password")
def _open_all(of: Import, password: str) -> int:
    """How many files this password opened. One that is locked in a way that nothing here opens stays as it is: reading says so."""
    return sum(_open(file, password) for file in of.files.all())


@sensitive_variables("password")
def _open(file: ImportFile, password: str) -> bool:
    locked = file.content.path
    with open(locked, "rb") as content:
        if content.read(len(OLE)) != OLE:
            return False
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "opened"
        if not _opened(Path(locked), target, password):
            return False
        with target.open("rb") as content:
            file.content.save(file.name, File(content), save=False)
    file.size = file.content.size
    file.save(update_fields=["content", "size"])
    transaction.on_commit(lambda: Path(locked).unlink(missing_ok=True))
    return True


@sensitive_variables("password")
def _opened(source: Path, target: Path, password: str) -> bool:
    said: dict[str, Any] = {}
    try:
        for line in process.lines("opening", str(source), str(target), limits=Limits(), told=password.encode()):
            said = json.loads(line)
    except process.Died as died:
        raise why(died, source) from None
    refused = said.get("refused", {"code": "broken"})
    if not said.get("opened") and refused["code"] not in ("wrong_password", "open", "sealed"):
        raise Unreadable(**refused)
    return bool(said.get("opened"))
