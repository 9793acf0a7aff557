"""What a live address gives: one table, as its person may take it out at this moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import Use, ensure, holds
from accounts.refusals import NotAllowed, Refused
from crm.exports import Table, spread
from crm.exports.table import unique, with_currencies
from crm.lists.asked import Asked
from crm.lists.filters import Asker, is_key
from crm.lists.listing import Listing
from crm.lists.pages import ListPage
from crm.lists.selection import page_of
from crm.services import exporting
from discipline import team_day
from discipline.spans import LONGEST
from reports import builder, control_book
from reports.builder import Definition, DefinitionWrong
from reports.models import LiveAddress, LiveSource, Report

MOST = 100_000
USUAL_DAYS = 31


class TooMuch(Refused):
    """More rows than a spreadsheet should ask for again and again."""

    code = "too_many_rows"

    def __init__(self) -> None:
        super().__init__(
            _("At most %(most)s rows come through a live connection. Make one for a narrower view.")
            % {"most": formats.number(MOST)}
        )


# --- what may be asked for ---


def checked(user: User, source: str, params: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """What is kept of a wish for an address, in one spelling, with a name for it. Raises NotAllowed for what is not his to ask."""
    check = CHECKS.get(source)
    if check is None:
        raise NotAllowed
    return check(user, params)


def _list(user: User, params: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    page = _page(user, params.get("noun", ""))
    asked = Asked(page, Asker(user, timezone.now()), QueryDict(params.get("query", "")))
    return {"noun": page.noun, "query": asked.query}, str(page.title)


def _report(user: User, params: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    report = _saved(user, params.get("report", ""))
    return {"report": report.pk}, report.name


def _control(user: User, params: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    ensure(user, Permission.TEAM_DAY_VIEW)
    team, days = params.get("team", ""), params.get("days", "")
    if team and not (is_key(team) and team_day.teams_for(user).filter(pk=int(team)).exists()):
        raise NotAllowed
    wanted = int(days) if is_key(days) else USUAL_DAYS
    return {"team": team, "days": min(max(wanted, 1), LONGEST)}, _("Control table")


CHECKS: dict[str, Callable[[User, Mapping[str, str]], tuple[dict[str, Any], str]]] = {
    LiveSource.LIST: _list,
    LiveSource.REPORT: _report,
    LiveSource.CONTROL: _control,
}


# --- what it gives ---


def table(address: LiveAddress, at: datetime) -> Table:
    """The table of an address, in its person's reach. Raises NotAllowed for what he may not have any more, and TooMuch."""
    return TABLES[LiveSource(address.source)](address.user, address.asked, at)


def _list_table(user: User, asked: Mapping[str, Any], at: datetime) -> Table:
    page = _page(user, asked["noun"])
    listing = Listing(page, Asker(user, at), QueryDict(asked["query"]))
    found = listing.found()
    if found.order_by().values("pk")[: MOST + 1].count() > MOST:
        raise TooMuch
    return exporting.table_of(listing, exporting.exported(listing), page.noun, found)


def _report_table(user: User, asked: Mapping[str, Any], at: datetime) -> Table:
    report = _saved(user, str(asked["report"]))
    try:
        return builder.tables(builder.answer(Definition.of(report.definition), user, at, Use.EXPORT))[0]
    except DefinitionWrong as wrong:
        raise NotAllowed from wrong


def _control_table(user: User, asked: Mapping[str, Any], at: datetime) -> Table:
    today = timezone.localdate(at)
    span = {"first": str(today - timedelta(days=asked["days"] - 1)), "last": str(today)}
    found, _span = control_book.asked(user, {"team": asked["team"], **span})
    if control_book.lines_in(found) > MOST:
        raise TooMuch
    return control_book.in_rows(found)


TABLES: dict[LiveSource, Callable[[User, Mapping[str, Any], datetime], Table]] = {
    LiveSource.LIST: _list_table,
    LiveSource.REPORT: _report_table,
    LiveSource.CONTROL: _control_table,
}


def leads_to(address: LiveAddress) -> str:
    """The page that shows the same."""
    asked = address.asked
    if address.source == LiveSource.REPORT:
        return reverse("reports:report", args=[asked["report"]])
    if address.source == LiveSource.CONTROL:
        return f"{reverse('reports:control-table')}?team={asked['team']}"
    page = page_of(asked["noun"])
    return f"{reverse(page.url_name)}?{asked['query']}" if page else ""


def as_json(table: Table) -> IO[bytes]:
    """The rows as a list of objects, written row by row: numbers as numbers, days and instants as ISO texts."""
    table = with_currencies(table)
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    names = unique(table.headings)
    target.write(b"[")
    for place, row in enumerate(table.rows):
        values = dict(zip(names, map(_plain, spread(row)), strict=True))
        target.write((",\n" if place else "\n").encode() + json.dumps(values, ensure_ascii=False).encode())
    target.write(b"\n]\n")
    target.seek(0)
    return target


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _page(user: User, noun: str) -> ListPage:
    page = page_of(noun)
    if page is None or not page.exportable or not holds(user, page.permission):
        raise NotAllowed
    return page


def _saved(user: User, pk: str) -> Report:
    report = Report.objects.visible_to(user).filter(pk=int(pk)).first() if is_key(pk) else None
    if report is None:
        raise NotAllowed
    return report
