"""What somebody takes out of the lists, and the trace of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.policy import Use
from accounts.refusals import Refused
from accounts.services import events
from crm.exports import Pivot, Table
from crm.lists.listing import Listing
from crm.lists.pages import Column
from crm.services.base import allow

MOST = 50_000
CHUNK = 2000
GROUPS = ("owner", "stage", "status", "state", "kind", "industry", "country", "city", "company", "source", "created_by")
"""Columns by which people group, those that they group by first in front."""


class TooManyRows(Refused):
    """More than a file takes."""

    code = "too_many_rows"

    def __init__(self) -> None:
        said = {"most": formats.number(MOST)}
        super().__init__(
            _("At most %(most)s rows fit into one file. Narrow the list with a filter, then try again.") % said
        )


class NothingToTake(Refused):
    code = "nothing_to_take"
    message = gettext_lazy("There is nothing to take out here. Choose other filters or columns.")


@transaction.atomic
def export(*, listing: Listing, kind: str, by: User, at: datetime) -> Table:
    """Exactly what the list shows: its filters, columns and order, as far as `by` may take the fields out. Leaves an event.

    Raises TooManyRows and NothingToTake.
    """
    allow(by, Permission.RECORD_EXPORT)
    allowed = {column.key for column in listing.page.columns_for(by, Use.EXPORT)}
    columns = [column for column in listing.columns if column.key in allowed and column.plain]
    found = listing.found()
    count = found.order_by().values("pk")[: MOST + 1].count()
    if count > MOST:
        raise TooManyRows
    if not count or not columns:
        raise NothingToTake
    detail = {
        "list": listing.page.noun,
        "query": listing.query,
        "rows": count,
        "kind": kind,
        "columns": [one.key for one in columns],
    }
    events.leave(kind=EventKind.EXPORTED, by=by, detail=detail)
    sums = [str(column.label) for column in columns if column.summed]
    name = f"{listing.page.noun}-{at:%Y-%m-%d}"
    return Table(name, list(_headings(columns)), _rows(listing, columns, found), sums, _pivot(columns))


def _headings(columns: list[Column]) -> Iterator[str]:
    """The heads of the columns; an amount has one more for its currency."""
    for column in columns:
        yield str(column.label)
        if column.money:
            yield _("Currency")


def _pivot(columns: list[Column]) -> Pivot:
    """What most people ask of such a list: by whom and where it stands, the money or the number."""
    first = [column for key in GROUPS for column in columns if column.key == key]
    down, *across = [str(column.label) for column in (first or columns[-1:])[:2]]
    money = [str(column.label) for column in columns if column.money]
    return Pivot([down], across, money[0] if money else "")


def _rows(listing: Listing, columns: list[Column], found: Any) -> Iterator[list[Any]]:
    read = listing.page.read_rows(found, columns, listing.asker).annotate(sorted_by=listing.order.key(found.model))
    for row in listing.order.of(read).iterator(chunk_size=CHUNK):
        yield [column.plain(row, listing.asker) for column in columns if column.plain]
