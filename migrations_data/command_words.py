"""What the command prints: the report as lines for a terminal, or as plain types for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from migrations_data.loading.problems import say_finding
from migrations_data.models import Import
from migrations_data.undoing.plan import Plan

MOST = 20
"""So many findings and problems of a sheet are printed; `--json` has all problems."""
TOP = ("ok", "import_id", "files", "lost")
FILE = ("name", "encoding", "sheets")
SHEET = (
    "name", "kind", "hidden", "header_rows", "rows_in", "created", "updated", "same", "merged", "asked", "rejected", "left_out",
    "columns", "sums", "problems",
)  # fmt: skip
ENTRIES = {
    "columns": ("name", "field", "type", "confidence"),
    "sums": ("column", "in", "loaded", "rejected"),
    "problems": ("row", "column", "code", "message"),
}
"""The keys that programs rely on: no more, no less."""


def exactly(told: Mapping[str, Any]) -> dict[str, Any]:
    """The report with the keys that programs rely on."""
    kept = _only(told, TOP)
    kept["files"] = [
        _only(file, FILE) | {"sheets": [_sheet(sheet) for sheet in file["sheets"]]} for file in told["files"]
    ]
    return kept


def _sheet(sheet: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: [_only(entry, keys) for entry in sheet[name]] for name, keys in ENTRIES.items()}
    return _only(sheet, SHEET) | lists


def _only(told: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: told[key] for key in keys}


def undone(of: Import, before: Plan, after: Plan) -> dict[str, Any]:
    """What an undo did, or with nothing done would do: how many records went, by kind, and which stay."""
    return {
        "ok": not after.listed,
        "import_id": of.pk,
        "gone": {kind: count for kind, count in before.goes.items() if count},
        "returned": before.returns,
        "stays": [{"type": one.kind, "id": one.record, "why": str(one.words)} for one in after.listed],
    }


def of_undo(told: Mapping[str, Any]) -> str:
    """An undo as lines for a terminal."""
    gone = ", ".join(f"{count} {kind}" for kind, count in told["gone"].items()) or "0"
    lines = [_("Import %(id)s: gone %(gone)s; as before %(returned)s") % {
        "id": told["import_id"], "gone": gone, "returned": told["returned"],
    }]  # fmt: skip
    for (kind, why), count in Counter((one["type"], one["why"]) for one in told["stays"]).items():
        lines.append(_("  stay: %(count)s %(kind)s, %(why)s") % {"count": count, "kind": kind, "why": why})
    return "\n".join(lines)


def of_import(told: Mapping[str, Any]) -> str:
    """The report as lines for a terminal."""
    lines: list[str] = []
    for file in told["files"]:
        for sheet in file["sheets"]:
            lines += _sheet_in_words(file["name"], sheet)
    if told["lost"]:
        lines.append(_("Clients not found afterwards: %(names)s") % {"names": ", ".join(told["lost"])})
    return "\n".join(lines)


def _sheet_in_words(file: str, sheet: Mapping[str, Any]) -> Sequence[str]:
    words = {
        "created": _("new"), "updated": _("updated"), "same": _("unchanged"), "merged": _("merged"), "asked": _("to decide"),
        "rejected": _("rejected"), "left_out": _("left out"),
    }  # fmt: skip
    counts = ", ".join(f"{sheet[name]} {word}" for name, word in words.items())
    lines = [f"{file} / {sheet['name']} ({sheet['kind'] or '-'}): {sheet['rows_in']} = {counts}"]
    lines += [f"  {sum_['column']}: {sum_['in']} = {sum_['loaded']} + {sum_['rejected']}" for sum_ in sheet["sums"]]
    lines += [_finding(one) for one in sheet["findings"][:MOST]]
    lines += [f"  {one['row']} {one['column']}: {one['message']}" for one in sheet["problems"][:MOST]]
    return lines


def _finding(found: dict[str, Any]) -> str:
    times = f" × {found['count']}" if found["count"] > 1 else ""
    return f"  {found['column']} {say_finding(found)}{times}"
