"""What somebody takes out of the lists behind figures, and the trace of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.services import events
from crm.exports import Table
from crm.services.base import allow
from crm.services.exporting import MOST, NothingToTake, TooManyRows
from reports.behind.page import Behind
from reports.figures import Holds


@transaction.atomic
def export(*, page: Behind, kind: str, by: User, at: datetime) -> Table:
    """All records behind a figure, with the columns of their page. Leaves an event.

    Raises TooManyRows and NothingToTake.
    """
    allow(by, Permission.RECORD_EXPORT)
    if page.count > MOST:
        raise TooManyRows
    if not page.count:
        raise NothingToTake
    detail = {"list": f"behind {page.figure.key}", "query": page.asked.query, "rows": page.count, "kind": kind}
    events.leave(kind=EventKind.EXPORTED, by=by, detail=detail)
    headings = [*page.headings, *([_("Currency")] if page.figure.holds == Holds.MONEY else [])]
    return Table(f"{page.figure.key}-{page.span.day}", headings, _rows(page))


def _rows(page: Behind) -> Iterator[list[Any]]:
    for row in page.every_row():
        values: list[Any] = [row.name, row.whom, row.person, row.day]
        yield [*values, *([row.part] if page.has_parts else []), *([row.plain] if page.has_amounts else [])]
