"""What the pages of an import show, made out of its rows and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from migrations_data.loading.problems import say_finding
from migrations_data.models import COUNTS, Import, ImportSheet, Outcome, Status
from migrations_data.rows_page import LOOKS
from migrations_data.services import report
from migrations_data.understanding.nouns import ALL

ALWAYS = ("created", "updated", "skipped", "rejected")
"""Outcomes that are told even when there are none."""
HALF_A_CENT, ALMOST_NOTHING = 0.005, 1e-6
STEPS = ("files", "columns", "preview", "run", "report")
AT: dict[str, int] = {
    Status.UPLOADED: 0, Status.LOCKED: 0, Status.READ: 1, Status.PREVIEWING: 2, Status.PREVIEWED: 2, Status.RUNNING: 3, Status.CANCELLED: 3,
    Status.DONE: 4, Status.UNDOING: 4, Status.UNDONE: 4,
}  # fmt: skip
STATES = {
    Status.DONE: "done",
    Status.LOCKED: "pending",
    Status.FAILED: "failed",
    Status.READ: "pending",
    Status.PREVIEWED: "pending",
    Status.CANCELLED: "watch",
    Status.UNDONE: "na",
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


def totals(sheets: Sequence[ImportSheet]) -> list[dict[str, Any]]:
    """What becomes of all the rows of an import."""
    return [_tally(name, sum(getattr(sheet, name) for sheet in sheets if sheet.kind), "") for name in COUNTS]


def _tally(name: str, count: int, href: str) -> dict[str, Any]:
    icon, tone = LOOKS[name]
    return {
        "name": name, "count": count, "label": Outcome(name).label, "icon": icon, "tone": tone, "href": href,
        "always": name in ALWAYS,
    }  # fmt: skip


@dataclass
class Speed:
    """How far work on rows is, how fast it goes, how long it still takes (seconds; None before it can be told)."""

    done: int
    of: int
    a_second: int
    left: int | None

    @property
    def minutes(self) -> int:
        return -(-(self.left or 0) // 60)


def speed(of: Import) -> Speed:
    """Of a preview or a run: both count as they go. Sheets and rows that are left out are no work."""
    sheets = ImportSheet.objects.filter(file__of_import=of).exclude(kind="")
    rows = sheets.aggregate(rows=Sum(F("rows_in") - F("left_out"), default=0))["rows"] or of.rows_in
    rate = of.rows_done / of.seconds if of.seconds > 0.5 else 0
    left = round(max(rows - of.rows_done, 0) / rate) if rate > 0 else None
    return Speed(min(of.rows_done, rows), rows, round(rate), left)


@dataclass
class ColumnSum:
    """A column that is added up, in the table and in Daybook, over so many rows."""

    column: str
    told: float
    loaded: float
    rejected: float
    rows: int

    @property
    def agrees(self) -> bool:
        """Whether nothing of it is missing, where each amount is kept to the cent: amounts that somebody changed in Daybook since an earlier
        import make a difference."""
        return abs(self.told - self.loaded - self.rejected) <= HALF_A_CENT * max(1, self.rows) + ALMOST_NOTHING


def figures(sheets: Sequence[ImportSheet]) -> list[SheetFigures]:
    """The sheets of an import for its preview and its report."""
    return [_figures(sheet) for sheet in sheets if sheet.kind]


def _figures(sheet: ImportSheet) -> SheetFigures:
    kind = ALL[sheet.kind]
    rows = reverse("migrations_data:import-rows", args=[sheet.pk])
    tallies = [_tally(name, getattr(sheet, name), f"{rows}?outcome={name}") for name in COUNTS]
    findings = [{**finding, "text": say_finding(finding)} for finding in sheet.findings]
    sums = [
        ColumnSum(entry["column"], entry["in"], entry["loaded"], entry["rejected"], sheet.rows_in)
        for entry in report.sums(sheet)
    ]
    return SheetFigures(sheet, str(kind.label), kind.icon, tallies, findings, sums)
