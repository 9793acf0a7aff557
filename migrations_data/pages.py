"""What the pages of an import show, made out of its rows and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.models import Company, Contact, Deal, Purchase
from migrations_data.loading.problems import say, say_finding
from migrations_data.models import Import, ImportRow, ImportSheet, Outcome, Status
from migrations_data.services import report
from migrations_data.understanding.nouns import ALL

ROWS_A_PAGE = 10
SAMPLES = 3
COLUMNS_SHOWN = 8
STEPS = ("files", "columns", "preview", "run", "report")
AT: dict[str, int] = {
    Status.UPLOADED: 0, Status.LOCKED: 0, Status.READ: 1, Status.PREVIEWING: 2, Status.PREVIEWED: 2, Status.RUNNING: 3, Status.DONE: 4,
}  # fmt: skip
STATES = {
    Status.DONE: "done",
    Status.LOCKED: "pending",
    Status.FAILED: "failed",
    Status.READ: "pending",
    Status.PREVIEWED: "pending",
}
OUTCOMES = {Outcome.CREATED: "done", Outcome.UPDATED: "trial", Outcome.SKIPPED: "na", Outcome.REJECTED: "failed"}
VIEWS: dict[str, tuple[Any, Permission, str]] = {
    "company": (Company, Permission.COMPANY_VIEW, "crm:company"),
    "contact": (Contact, Permission.CONTACT_VIEW, "crm:contact"),
    "deal": (Deal, Permission.DEAL_VIEW, "crm:deal"),
    "purchase": (Purchase, Permission.PURCHASE_VIEW, "crm:purchase"),
}


def steps(of: Import | None) -> list[dict[str, str]]:
    """The wizard's steps, with where this import stands."""
    labels = (_("Files"), _("Columns"), _("Preview"), _("Import"), _("Report"))
    at = 0 if of is None else AT.get(of.status, 3 if of.rows_done else 0)
    return [
        {"label": label, "state": "done" if place < at else "current" if place == at else ""}
        for place, label in enumerate(labels)
    ]


@dataclass
class SheetFigures:
    """A sheet with what became, or would become, of its rows."""

    sheet: ImportSheet
    label: str
    icon: str
    tallies: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    sums: list[ColumnSum]


@dataclass
class ColumnSum:
    """A money column in the table and in Daybook."""

    column: str
    told: float
    loaded: float
    rejected: float

    @property
    def agrees(self) -> bool:
        """Whether nothing of it is missing: amounts that somebody changed in Daybook since an earlier import make a difference."""
        return round(self.told - self.loaded - self.rejected, 2) == 0


def figures(sheets: Sequence[ImportSheet]) -> list[SheetFigures]:
    """The sheets of an import for its preview and its report."""
    return [_figures(sheet) for sheet in sheets if sheet.kind]


def _figures(sheet: ImportSheet) -> SheetFigures:
    kind = ALL[sheet.kind]
    words = {
        "created": (_("new"), "circle-plus", "good"),
        "updated": (_("updated"), "refresh", "info"),
        "skipped": (_("unchanged"), "equal", "none"),
        "rejected": (_("rejected"), "circle-x", "bad"),
    }
    rows = reverse("migrations_data:import-rows", args=[sheet.pk])
    tallies = [
        {"count": getattr(sheet, name), "label": label, "icon": icon, "tone": tone, "href": f"{rows}?outcome={name}"}
        for name, (label, icon, tone) in words.items()
    ]
    findings = [{**finding, "text": say_finding(finding)} for finding in sheet.findings]
    sums = [ColumnSum(entry["column"], entry["in"], entry["loaded"], entry["rejected"]) for entry in report.sums(sheet)]
    return SheetFigures(sheet, str(kind.label), kind.icon, tallies, findings, sums)


@dataclass
class ShownRow:
    """A row of a sheet as the preview and the report show it."""

    number: int
    cells: list[str]
    state: str
    word: str
    reason: str
    column: str
    href: str = ""


@dataclass
class RowsPage:
    """Some rows of a sheet, with the way to the next."""

    sheet: ImportSheet
    heads: list[str]
    rows: list[ShownRow]
    outcome: str
    next: str


def rows_page(sheet: ImportSheet, user: User, *, outcome: str = "", after: int = 0) -> RowsPage:
    """The rows of a sheet behind row `after`, of one outcome when given: by key, so that the last page costs what the first does."""
    found = ImportRow.objects.filter(sheet=sheet, number__gt=max(after, sheet.header_row)).order_by("number")
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    listed = list(found[: ROWS_A_PAGE + 1])
    shown = [column for column in sheet.columns if column["field"]][:COLUMNS_SHOWN]
    links = _links(listed, user)
    more = ""
    if len(listed) > ROWS_A_PAGE:
        more = f"{reverse('migrations_data:import-rows', args=[sheet.pk])}?outcome={outcome}&after={listed[ROWS_A_PAGE - 1].number}"
    return RowsPage(
        sheet=sheet,
        heads=[column["name"] for column in shown],
        rows=[_shown(row, shown, links) for row in listed[:ROWS_A_PAGE]],
        outcome=outcome if outcome in Outcome.values else "",
        next=more,
    )


def _shown(row: ImportRow, columns: Sequence[dict[str, Any]], links: dict[tuple[str, int], str]) -> ShownRow:
    cells = [_cell(row.cells, column["index"]) for column in columns]
    word = str(Outcome(row.outcome).label) if row.outcome else ""
    said = "" if not row.code or row.code == "same" else say(row.code, row.detail)
    href = links.get((row.record_type, row.record_id or 0), "")
    return ShownRow(
        row.number, cells, OUTCOMES.get(Outcome(row.outcome), "") if row.outcome else "", word, said, row.column, href
    )


def _cell(cells: Sequence[Any], index: int) -> str:
    value = cells[index] if index < len(cells) else ""
    return "" if value is None else str(value)


def _links(rows: Sequence[ImportRow], user: User) -> dict[tuple[str, int], str]:
    """Addresses of the records that this person may open: one statement a kind."""
    found: dict[tuple[str, int], str] = {}
    for kind, (model, permission, url) in VIEWS.items():
        ids = [row.record_id for row in rows if row.record_type == kind and row.record_id]
        if ids and holds(user, permission):
            for pk in model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True):
                found[kind, pk] = reverse(url, args=[pk])
    return found
