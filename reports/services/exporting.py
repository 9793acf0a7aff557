"""What somebody takes out of the lists behind figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from crm.downloads import Produced
from crm.exports import Pivot, Table
from crm.services.base import allow
from crm.services.exporting import MOST, NothingToTake, TooManyRows
from reports.behind import asked
from reports.behind.page import Behind
from reports.figures import Holds

KEY = "behind"
"""By this name the job knows who writes these lists (`crm.downloads`)."""


def produce(by: User, params: Mapping[str, Any], at: datetime) -> Produced:
    """All records behind the figure `key`, as the `query` asks for it, with the columns of their page, as a file of that `kind`.

    The query holds the moment, so a job that comes later writes the same. Raises TooManyRows and NothingToTake.
    """
    allow(by, Permission.FIGURE_VIEW)
    page = Behind(by, asked.read(params["key"], QueryDict(params["query"]), now=at), at)
    if page.count > MOST:
        raise TooManyRows
    if not page.count:
        raise NothingToTake
    headings = [*page.headings, *([_("Currency")] if page.figure.holds == Holds.MONEY else [])]
    amount = page.headings[-1] if page.figure.holds == Holds.MONEY else ""
    name = f"{page.figure.key}-{page.span.day}"
    table = Table(name, headings, _rows(page), pivot=Pivot([headings[2]], (), amount))
    trace = {"list": f"behind {page.figure.key}", "query": page.asked.query, "kind": params["kind"]}
    return Produced(name=name, tables=[table], rows=page.count, kind=params["kind"], trace=trace)


def _rows(page: Behind) -> Iterator[list[Any]]:
    for row in page.every_row():
        values: list[Any] = [row.name, row.whom, row.person, row.day]
        yield [*values, *([row.part] if page.has_parts else []), *([row.plain] if page.has_amounts else [])]
