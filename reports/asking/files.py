"""Reports and the lists behind their cells on their way out, written at once or by a job (`crm.downloads`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import Use
from accounts.refusals import NotAllowed
from crm.downloads import Produced
from crm.exports import KINDS, Table
from crm.services.base import allow
from crm.services.exporting import MOST, NothingToTake, TooManyRows
from reports.asking import finding
from reports.asking.opened import Opened, place_of
from reports.builder import Behind, DefinitionWrong, sheets
from reports.builder.parts import Holds, How

REPORT, BEHIND = "report", "report-behind"
"""By these names the job knows who writes the files."""


def produce(by: User, params: Mapping[str, Any], at: datetime) -> Produced:
    """A report as a workbook with a pivot table: `params` are the `query` that names it and the `kind` of file.

    Raises NothingToTake, and DefinitionWrong where it uses what `by` may not take out.
    """
    shown = asked(by, params, at)
    answer = shown.answer
    if answer is None:
        raise DefinitionWrong(shown.mistake)
    if answer.is_empty:
        raise NothingToTake
    return Produced(
        name=f"{shown.title}-{at:%Y-%m-%d}", tables=sheets.tables(answer), rows=max(1, len(answer.leaves)), kind=params["kind"],
        trace={"list": "report", "query": params["query"], "kind": params["kind"]},
    )  # fmt: skip


def produce_behind(by: User, params: Mapping[str, Any], at: datetime) -> Produced:
    """The records behind a cell, which the `query` names too. Raises TooManyRows, NothingToTake and DefinitionWrong."""
    shown = asked(by, params, at)
    if shown.definition is None:
        raise DefinitionWrong(shown.mistake)
    page = Behind(shown.definition, place_of(QueryDict(params["query"])), by, at, use=Use.EXPORT)
    if page.count > MOST:
        raise TooManyRows
    if not page.count:
        raise NothingToTake
    table = Table(f"{shown.title}-{at:%Y-%m-%d}", _headings(page), _rows(page))
    trace = {"list": "behind a report", "query": params["query"], "kind": params["kind"]}
    return Produced(name=table.name, tables=[table], rows=page.count, kind=params["kind"], trace=trace)


def asked(by: User, params: Mapping[str, Any], at: datetime) -> Opened:
    """The report that is to be taken out. Raises NotAllowed where it is none that `by` may take out."""
    allow(by, Permission.RECORD_EXPORT)
    if params["kind"] not in KINDS:
        raise NotAllowed
    return finding.opened(QueryDict(params["query"]), by, at, use=Use.EXPORT)


def _headings(page: Behind) -> list[str]:
    holds_money = (
        page.has_amounts and page.question.figure.holds == Holds.MONEY and page.question.figure.how != How.RATE
    )
    return [*page.headings, *([_("Currency")] if holds_money else [])]


def _rows(page: Behind) -> Iterator[list[Any]]:
    for row in page.every_row():
        yield [row.name, row.whom, row.person, row.day, *([row.plain] if page.has_amounts else [])]
