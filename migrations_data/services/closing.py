"""Closing an import: somebody says that it is through, and nobody important was lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data.models import Import, ImportSheet, Status
from migrations_data.reconciling.important import Client, important

NAMED = 5
"""So many clients are named in a refusal; the report lists all."""


class NotThrough(Refused):
    code = "not_through"
    message = gettext_lazy("Only an import that has run through can be closed. Open it to see where it stands.")


class StillMissing(Refused):
    """Important clients are rejected or undecided, and not in the CRM. `clients` are all of them."""

    code = "still_missing"

    def __init__(self, clients: list[Client]) -> None:
        self.clients = clients
        super().__init__(_said(clients))


def _said(clients: list[Client]) -> str:
    named = ", ".join(f"“{one.name}”" for one in clients[:NAMED])
    if len(clients) > NAMED:
        named = _("%(named)s and %(more)s more") % {"named": named, "more": len(clients) - NAMED}
    said = _("These important clients are not in Daybook yet: %(clients)s. Decide about them or mend their rows first.")
    return said % {"clients": named}


@transaction.atomic
def close(*, of: Import, by: User, at: datetime) -> Import:
    """Note that an import is through and who said so; one that is closed stays as it is.

    Raises NotThrough, and StillMissing while one of the important clients is rejected or undecided and not in the CRM.
    """
    ensure(by, Permission.IMPORT_RUN, of)
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.closed_at is not None:
        return locked
    if locked.status != Status.DONE:
        raise NotThrough
    sheets = ImportSheet.objects.filter(file__of_import=locked).exclude(kind="").select_related("file")
    blocking = important(locked, list(sheets)).blocking()
    if blocking:
        raise StillMissing(blocking)
    locked.closed_at, locked.closed_by = at, by
    locked.save(update_fields=["closed_at", "closed_by"])
    return locked
