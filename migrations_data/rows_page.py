"""Rows of a sheet as the pages show them: as they are in the file, what becomes of each, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can, holds
from crm.models import Company, Contact, Deal, Purchase
from migrations_data.loading.problems import say
from migrations_data.loading.rows import cell_of
from migrations_data.models import LOADED, Import, ImportRow, ImportSheet, Outcome, Part, Status
from migrations_data.services.imports import OPEN
from migrations_data.understanding.own import kind_of

ROWS_A_PAGE = 20
COLUMNS_SHOWN = 8
LOOKS: dict[str, tuple[str, str]] = {
    Outcome.CREATED: ("circle-plus", "good"),
    Outcome.UPDATED: ("refresh", "info"),
    Outcome.SKIPPED: ("equal", "none"),
    Outcome.MERGED: ("arrows-join", "info"),
    Outcome.ASKED: ("help-circle", "watch"),
    Outcome.REJECTED: ("circle-x", "bad"),
    Outcome.LEFT_OUT: ("eye-off", "none"),
}
"""The icon and the tone of what becomes of a row."""
VIEWS: dict[str, tuple[Any, Permission, str]] = {
    "company": (Company, Permission.COMPANY_VIEW, "crm:company"),
    "contact": (Contact, Permission.CONTACT_VIEW, "crm:contact"),
    "deal": (Deal, Permission.DEAL_VIEW, "crm:deal"),
    "purchase": (Purchase, Permission.PURCHASE_VIEW, "crm:purchase"),
}


@dataclass
class Cell:
    """A cell: what counts, and what the file has where that was corrected. `name` is that of its field in the form."""

    head: str
    text: str
    was: str = ""
    is_fixed: bool = False
    name: str = ""
    is_wrong: bool = False

    @property
    def is_long(self) -> bool:
        return "\n" in self.text


@dataclass
class ShownRow:
    """A row of a sheet as the preview and the report show it."""

    pk: int
    number: int
    cells: list[Cell]
    icon: str = ""
    tone: str = ""
    word: str = ""
    reason: str = ""
    column: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    href: str = ""
    may_correct: bool = False
    asks: bool = False


@dataclass
class RowsPage:
    """Some rows of a sheet, with the way to the next."""

    sheet: ImportSheet
    heads: list[str]
    rows: list[ShownRow]
    outcome: str
    next: str


def rows_page(sheet: ImportSheet, user: User, *, outcome: str = "", after: int = 0, judged: bool = False) -> RowsPage:
    """The rows of a sheet behind row `after`, of one outcome when given, or only those `judged`: by key, so that the last page costs
    what the first does."""
    found = ImportRow.objects.filter(sheet=sheet, number__gt=max(after, sheet.header_row)).exclude(part=Part.BLANK)
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    elif judged:
        found = found.exclude(outcome="")
    listed = list(found.order_by("number")[: ROWS_A_PAGE + 1])
    columns = shown_columns(sheet)
    links = _links(listed, user)
    may_correct = _may_correct(sheet, user)
    more = ""
    if len(listed) > ROWS_A_PAGE:
        asked = {"outcome": outcome, "after": listed[ROWS_A_PAGE - 1].number} | ({"judged": "1"} if judged else {})
        more = f"{reverse('migrations_data:import-rows', args=[sheet.pk])}?{urlencode(asked)}"
    return RowsPage(
        sheet=sheet,
        heads=[column["name"] for column in columns],
        rows=[_shown(row, sheet, columns, links, may_correct) for row in listed[:ROWS_A_PAGE]],
        outcome=outcome if outcome in Outcome.values else "",
        next=more,
    )


def one_row(row: ImportRow, user: User, *, all_columns: bool = False) -> ShownRow:
    """One row by itself: as in the list, or with all the columns that can be corrected."""
    sheet = row.sheet
    columns = filled_columns(sheet) if all_columns else shown_columns(sheet)
    return _shown(row, sheet, columns, _links([row], user), _may_correct(sheet, user))


def filled_columns(sheet: ImportSheet) -> list[dict[str, Any]]:
    return [column for column in sheet.columns if column["field"]]


def shown_columns(sheet: ImportSheet) -> list[dict[str, Any]]:
    return filled_columns(sheet)[:COLUMNS_SHOWN] or sheet.columns[:COLUMNS_SHOWN]


def _may_correct(sheet: ImportSheet, user: User) -> bool:
    of: Import = sheet.file.of_import
    return bool(sheet.kind) and of.status in OPEN and can(user, Permission.IMPORT_RUN, of)


def _shown(
    row: ImportRow,
    sheet: ImportSheet,
    columns: Sequence[dict[str, Any]],
    links: Mapping[tuple[str, int], str],
    may_correct: bool,
) -> ShownRow:
    shown = ShownRow(row.pk, row.number, [_cell(row, column) for column in columns])
    shown.href = links.get((row.record_type, row.record_id or 0), "")
    if row.part != Part.DATA:
        shown.word, shown.icon, shown.tone = str(Part(row.part).label), "minus", "none"
    if row.outcome:
        shown.icon, shown.tone = LOOKS[row.outcome]
        shown.word = str(Outcome(row.outcome).label)
        shown.reason = "" if not row.code or row.code == "same" else say(row.code, row.detail)
        shown.column = row.column
        shown.asks = row.outcome == Outcome.ASKED
        shown.changes = _changes(row, sheet)
    is_in = sheet.file.of_import.status != Status.PREVIEWED and row.outcome in LOADED
    shown.may_correct = may_correct and row.part == Part.DATA and not is_in
    return shown


def _cell(row: ImportRow, column: Mapping[str, Any]) -> Cell:
    index = int(column["index"])
    in_file, now = _text(cell_of(index, row.cells, row.extras)), _text(cell_of(index, row.cells, row.extras, row.fixes))
    is_fixed = bool(row.fixes) and str(index) in (row.fixes or {})
    is_wrong = row.outcome == Outcome.REJECTED and bool(row.column) and row.column == column["name"]
    return Cell(column["name"], now, in_file, is_fixed, f"cell-{index}", is_wrong)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _changes(row: ImportRow, sheet: ImportSheet) -> list[tuple[str, str, str]]:
    """What the row changes: (field, was, is now)."""
    if not row.changes:
        return []
    fields = kind_of(sheet.kind).fields
    named = {"status": _("Status")}
    return [
        (str(fields[name].label) if name in fields else str(named.get(name, name)), _text(was), _text(now))
        for name, (was, now) in row.changes.items()
    ]


def _links(rows: Sequence[ImportRow], user: User) -> dict[tuple[str, int], str]:
    """Addresses of the records that this person may open: one statement a kind."""
    found: dict[tuple[str, int], str] = {}
    for kind, (model, permission, url) in VIEWS.items():
        ids = [row.record_id for row in rows if row.record_type == kind and row.record_id]
        if ids and holds(user, permission):
            for pk in model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True):
                found[kind, pk] = reverse(url, args=[pk])
    return found
