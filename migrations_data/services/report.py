"""What an import did, in figures that add up: for the page, for `--json`, for whoever asks later."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crm import names
from crm.folding import fold
from crm.models import Company, Contact
from migrations_data.loading.problems import say
from migrations_data.models import LOADED, Import, ImportRow, ImportSheet, Outcome, Status
from migrations_data.understanding.values import text

CLIENTS: dict[str, Any] = {"companies": Company, "contacts": Contact}
MOST_LOST = 1000


def as_dict(of: Import) -> dict[str, Any]:
    """The whole report in plain types. `ok`: everything read was taken and nothing is missing."""
    sheets = list(ImportSheet.objects.filter(file__of_import=of).select_related("file"))
    problems = _problems(of)
    gone = lost(of)
    files: dict[int, dict[str, Any]] = {
        file.pk: {"name": file.name, "encoding": file.encoding, "sheets": []} for file in of.files.all()
    }
    for sheet in sheets:
        files[sheet.file_id]["sheets"].append(_sheet(sheet, problems.get(sheet.pk, [])))
    clean = of.status in (Status.DONE, Status.PREVIEWED) and not any(sheet.rejected for sheet in sheets) and not gone
    return {
        "ok": clean,
        "import_id": of.pk,
        "status": of.status,
        "error": of.error,
        "files": list(files.values()),
        "lost": gone,
    }


def _sheet(sheet: ImportSheet, problems: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "kind": sheet.kind,
        "hidden": sheet.hidden,
        "header_rows": [sheet.header_row] if sheet.header_row else [],
        "rows_in": sheet.rows_in,
        "created": sheet.created,
        "updated": sheet.updated,
        "same": sheet.skipped,
        "merged": 0,
        "asked": 0,
        "rejected": sheet.rejected,
        "left_out": sheet.left_out,
        "columns": [
            {name: column[name] for name in ("name", "field", "type", "confidence")} for column in sheet.columns
        ],
        "sums": sums(sheet),
        "findings": sheet.findings,
        "problems": problems,
    }


def sums(sheet: ImportSheet) -> list[dict[str, Any]]:
    """The sums of a sheet's money columns, as numbers."""
    return [
        {"column": entry["column"], **{name: _number(entry[name]) for name in ("in", "loaded", "rejected")}}
        for entry in sheet.sums
    ]


def _number(said: str) -> int | float:
    value = Decimal(said)
    return int(value) if value == value.to_integral_value() else float(value)


def _problems(of: Import) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    rows = ImportRow.objects.filter(sheet__file__of_import=of, outcome=Outcome.REJECTED).order_by("sheet", "number")
    for sheet, number, column, code, detail in rows.values_list("sheet", "number", "column", "code", "detail"):
        told = {"row": number, "column": column, "code": code, "message": say(code, detail)}
        found.setdefault(sheet, []).append(told)
    return found


def lost(of: Import) -> list[str]:
    """Names of clients in the files that are not in the CRM after the run: rejected, deleted, or vanished. Must be empty."""
    if of.status != Status.DONE:
        return []
    missing: list[str] = []
    for sheet in ImportSheet.objects.filter(file__of_import=of, kind__in=CLIENTS):
        model = CLIENTS[sheet.kind]
        live = model.objects.live().values("pk")
        rows = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row)
        rows = rows.exclude(outcome__in=LOADED, record_id__in=live).exclude(code="same_row")
        said = [_name(sheet, cells) for cells in rows.values_list("cells", flat=True)]
        missing += _not_there(model, [name for name in said if name])
    return missing[:MOST_LOST]


def _name(sheet: ImportSheet, cells: list[Any]) -> str:
    places = [column["index"] for column in sheet.columns if column["field"] in ("name", "first_name", "last_name")]
    return " ".join(filter(None, (text(cells[place]) for place in places if place < len(cells))))


def _not_there(model: Any, said: Iterable[str]) -> list[str]:
    keys = {name: names.key(name) if model is Company else fold(name) for name in said}
    there = set(model.objects.live().filter(name_key__in=keys.values()).values_list("name_key", flat=True))
    return [name for name, key in keys.items() if key not in there]
