"""What an import did, in figures that add up: for `--json`, for whoever asks later."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from migrations_data.loading.problems import say
from migrations_data.models import Import, ImportRow, ImportSheet, Outcome, Status
from migrations_data.reconciling.accounts import header_rows
from migrations_data.reconciling.missing import missing
from migrations_data.reconciling.sums import Check, checks

NOT_TAKEN = (Outcome.REJECTED, Outcome.ASKED)


def as_dict(of: Import) -> dict[str, Any]:
    """The whole report in plain types. `ok`: everything read was taken and nothing is missing."""
    sheets = list(ImportSheet.objects.filter(file__of_import=of).select_related("file"))
    problems, headers, gone = _problems(of), header_rows(sheets), lost(of)
    numbers = _numbers(checks(sheets)) if of.status == Status.DONE else {}
    files: dict[int, dict[str, Any]] = {
        file.pk: {"name": file.name, "encoding": file.encoding, "sheets": []} for file in of.files.all()
    }
    for sheet in sheets:
        told = _sheet(sheet) | {"header_rows": headers[sheet.pk], "problems": problems.get(sheet.pk, [])}
        told["sums"] += numbers.get(sheet.pk, [])
        files[sheet.file_id]["sheets"].append(told)
    waiting = any(sheet.rejected or sheet.asked for sheet in sheets)
    return {
        "ok": of.status in (Status.DONE, Status.PREVIEWED) and not waiting and not gone,
        "import_id": of.pk,
        "status": of.status,
        "error": of.error,
        "closed_at": of.closed_at and of.closed_at.isoformat(),
        "files": list(files.values()),
        "lost": gone,
    }


def _sheet(sheet: ImportSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "kind": sheet.kind,
        "hidden": sheet.hidden,
        "header_rows": [],
        "rows_in": sheet.rows_in,
        "created": sheet.created,
        "updated": sheet.updated,
        "same": sheet.skipped,
        "merged": sheet.merged,
        "asked": sheet.asked,
        "rejected": sheet.rejected,
        "left_out": sheet.left_out,
        "columns": [
            {name: column[name] for name in ("name", "field", "type", "confidence")} for column in sheet.columns
        ],
        "sums": sums(sheet),
        "findings": sheet.findings,
        "problems": [],
    }


def sums(sheet: ImportSheet) -> list[dict[str, Any]]:
    """The sums of a sheet's columns as the run added them up, as numbers."""
    return [
        {"column": entry["column"], **{name: _number(entry[name]) for name in ("in", "loaded", "rejected")}}
        for entry in sheet.sums
    ]


def _numbers(found: Iterable[Check]) -> dict[int, list[dict[str, Any]]]:
    """Sheet -> the sums of columns that the run did not add up."""
    told: dict[int, list[dict[str, Any]]] = {}
    for one in found:
        if all(entry["column"] != one.column for entry in one.sheet.sums):
            figures = dict(zip(("in", "loaded", "rejected"), map(_number, one.again), strict=True))
            told.setdefault(one.sheet.pk, []).append({"column": one.column, **figures})
    return told


def _number(said: str | Decimal) -> int | float:
    value = Decimal(said)
    return int(value) if value == value.to_integral_value() else float(value)


def _problems(of: Import) -> dict[int, list[dict[str, Any]]]:
    """Sheet -> its rows that were not taken: rejected, or waiting for a decision."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = ImportRow.objects.filter(sheet__file__of_import=of, outcome__in=NOT_TAKEN).order_by("sheet", "number")
    for sheet, number, column, code, detail in rows.values_list("sheet", "number", "column", "code", "detail"):
        told = {"row": number, "column": column, "code": code or "asked", "message": say(code or "asked", detail)}
        found.setdefault(sheet, []).append(told)
    return found


def lost(of: Import) -> list[str]:
    """Names of clients in the files that cannot be found in the CRM after the run. Must be empty."""
    sheets = ImportSheet.objects.filter(file__of_import=of).exclude(kind="").select_related("file")
    return [one.name for one in missing(of, list(sheets))]
