"""The trace of what somebody takes out of an import as a file.

These files hold what came in by it, so whoever may see the import may have them: the coordinator who brought the tables above all.
"""

from __future__ import annotations

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.services import events
from migrations_data.models import Import, ImportFile


def report(*, of: Import, by: User) -> None:
    """Note that somebody takes out the report."""
    ensure(by, Permission.IMPORT_VIEW, of)
    events.leave(kind=EventKind.EXPORTED, by=by, detail={"list": "import", "import": of.pk, "kind": "xlsx"})


def faults(*, of: Import, by: User) -> None:
    """Note that somebody takes out what was wrong in the old tables."""
    ensure(by, Permission.IMPORT_VIEW, of)
    events.leave(
        kind=EventKind.EXPORTED, by=by, detail={"list": "import", "import": of.pk, "part": "faults", "kind": "xlsx"}
    )


def rows(*, file: ImportFile, by: User) -> None:
    """Note that somebody takes out the rows of a file that were not taken."""
    ensure(by, Permission.IMPORT_VIEW, file.of_import)
    detail = {"list": "import", "import": file.of_import_id, "file": file.name, "kind": "xlsx"}
    events.leave(kind=EventKind.EXPORTED, by=by, detail=detail)
