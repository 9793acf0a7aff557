"""What somebody takes out of the lists, and the trace of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.refusals import NotAllowed, Refused
from crm.downloads import Produced
from crm.exports import Pivot, Table
from crm.lists.filters import Asker
from crm.lists.listing import Listing
from crm.lists.pages import Column
from crm.lists.selection import page_of
from crm.services.base import allow

KEY = "list"
"""By this name the job knows who writes lists (`crm.downloads`)."""
MOST = 1_000_000
"""A sheet of Excel ends at 1 048 576 rows."""
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


def produce(by: User, params: Mapping[str, Any], at: datetime) -> Produced:
    """Exactly what a list shows: its filters, columns and order, as far as `by` may take the fields out.

    `params` are the list's `noun`, the `query` and the `kind` of file. Raises TooManyRows and NothingToTake.
    """
    allow(by, Permission.RECORD_EXPORT)
    page = page_of(params["noun"])
    if page is None or not holds(by, page.permission):
        raise NotAllowed
    listing = Listing(page, Asker(by, at), QueryDict(params["query"]))
    columns = exported(listing)
    found = listing.found()
    count = found.order_by().values("pk")[: MOST + 1].count()
    if count > MOST:
        raise TooManyRows
    if not count or not columns:
        raise NothingToTake
    trace = {"list": page.noun, "query": listing.query, "kind": params["kind"], "columns": [one.key for one in columns]}
    table = table_of(listing, columns, f"{page.noun}-{at:%Y-%m-%d}", found)
    return Produced(name=table.name, tables=[table], rows=count, kind=params["kind"], trace=trace)


def exported(listing: Listing) -> list[Column]:
    """The columns on screen whose values may leave with this person."""
    return listing.page.out_with(listing.columns, listing.asker.user)


def table_of(listing: Listing, columns: list[Column], name: str, found: Any = None) -> Table:
    """These columns of all that the list finds; the rows are read while they are written."""
    sums = [str(column.label) for column in columns if column.summed]
    rows = _rows(listing, columns, listing.found() if found is None else found)
    return Table(name, list(_headings(columns)), rows, sums, _pivot(columns))


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
