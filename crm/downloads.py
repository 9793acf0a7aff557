"""Files on their way out: always as a download, so that nothing somebody uploaded runs in this site's name.

What is too large to be written while somebody waits is written in the background. Whoever writes such files makes himself known
here by a key; the job calls him with what was asked, long after the request is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from crm.exports import Table
from crm.models import Download, File


@dataclass(frozen=True, kw_only=True)
class Produced:
    """What goes into a file. `name` is without its ending, `rows` how many there are in all; `trace` is kept for ever of who took
    what out."""

    name: str
    tables: Sequence[Table]
    rows: int
    trace: Mapping[str, Any]
    kind: str = "xlsx"

    @property
    def filename(self) -> str:
        return f"{self.name}.{self.kind}"


Produce = Callable[[User, Mapping[str, Any], datetime], Produced]
"""Read what was asked, as far as this person may have it at this moment. Raises Refused; the rows are read when they are written."""


@dataclass(frozen=True)
class Producer:
    """Who writes files, and what somebody needs to have such a file."""

    permission: Permission
    produce: Produce


producers: dict[str, Producer] = {}


def register(key: str, produce: Produce, permission: Permission = Permission.RECORD_EXPORT) -> None:
    """Make somebody who writes files known, once from the app's `ready`. Keys are stored: retire one, never rename it."""
    producers[key] = Producer(permission, produce)


def served(file: File | Download) -> FileResponse:
    """The content of a file under its own name. Raises Http404 when the store has lost it."""
    content = file.content if isinstance(file, File) else file.file
    try:
        opened: IO[bytes] = content.open("rb")
    except (FileNotFoundError, ValueError) as missing:
        raise Http404(_("The content of this file is gone.")) from missing
    response = FileResponse(opened, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
