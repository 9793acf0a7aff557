"""An import undone as people ask for it: told before, then done by a worker (see `undoing.doing`)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data import tasks
from migrations_data.models import Import, Status
from migrations_data.undoing.plan import Plan, plan

__all__ = ["NothingToUndo", "Plan", "ask", "plan", "possible"]

FROM = (Status.DONE, Status.FAILED, Status.CANCELLED, Status.UNDONE)
"""An undone import can be undone again: what stayed may have been let go since."""


class NothingToUndo(Refused):
    code = "nothing_to_undo"
    message = _("This import has brought nothing in that could be taken back. Open it again to see where it stands.")


def possible(of: Import) -> bool:
    """Whether an import has brought something in and is not being worked at."""
    return of.status in FROM and bool(of.rows_done or of.undone_at)


@transaction.atomic
def ask(*, of: Import, by: User, at: datetime, background: bool = True) -> Import:
    """Have an import undone by a worker (or, not in the `background`, by the caller). Raises NothingToUndo."""
    ensure(by, Permission.IMPORT_RUN, of)
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if not possible(locked):
        raise NothingToUndo
    locked.status, locked.undone_at = Status.UNDOING, at
    locked.error = locked.error_code = ""
    locked.save(update_fields=["status", "undone_at", "error", "error_code"])
    if background:
        transaction.on_commit(partial(tasks.nudge, locked.pk))
    return locked
