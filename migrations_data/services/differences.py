"""Where two ways of reading a file do not agree: nothing of it is imported before somebody has looked and accepted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data.models import Import, ImportFile
from migrations_data.reading.comparing import Compared

MOST_IN_WORDS = 5


class NotAccepted(Refused):
    code = "differences"
    message = _(
        "Two ways of reading this file do not agree. Compare what was read with the file in your table program, and accept it first."
    )


def keep(*, file: ImportFile, found: Compared) -> None:
    """Keep what came of the comparison; what was accepted of an earlier reading is accepted no more."""
    file.compared, file.differences = found.code, found.differences
    file.accepted_by, file.accepted_at = None, None
    file.save(update_fields=["compared", "differences", "accepted_by", "accepted_at"])


@transaction.atomic
def accept(*, file: ImportFile, by: User, at: datetime) -> ImportFile:
    """Take the file as it was read; doing it again changes nothing."""
    ensure(by, Permission.IMPORT_RUN, file.of_import)
    locked = ImportFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if locked.differences and locked.accepted_at is None:
        locked.accepted_by, locked.accepted_at = by, at
        locked.save(update_fields=["accepted_by", "accepted_at"])
    return locked


def waiting(of: Import) -> QuerySet[ImportFile]:
    """The files of an import that nobody has accepted yet."""
    return ImportFile.objects.filter(of_import=of, accepted_at=None).exclude(differences=[])


def in_words(file: ImportFile) -> str:
    """What the two readers of a file say of the first columns that they do not agree on, for a terminal."""
    said = "; ".join(
        f"{one['sheet']} {one['column']}: {one['filled'][0]}/{one['filled'][1]}, {one['sum'][0]}/{one['sum'][1]}"
        for one in file.differences[:MOST_IN_WORDS]
    )
    return f"{file.name}: {NotAccepted.message} ({said})"


def ensure_accepted(of: Import) -> None:
    """Raise NotAccepted while a file waits."""
    if waiting(of).exists():
        raise NotAccepted
