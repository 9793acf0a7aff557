"""Rows that stand for the same record: what the second says otherwise than the first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.folding import fold
from migrations_data.models import Import, ImportRow, ImportSheet
from migrations_data.understanding.values import text

AT_ONCE = 2000
SHOWN = 120
PAIRS = """
WITH told AS (
    SELECT r.id, r.sheet_id, s.kind, r.key, r.outcome, r.code, r.record_type, r.record_id
    FROM migrations_data_importrow r JOIN migrations_data_importsheet s ON s.id = r.sheet_id
    WHERE r.sheet_id = ANY(%(sheets)s) AND s.kind IN ('companies', 'contacts', 'deals')
), firsts AS (
    SELECT DISTINCT ON (kind, key) kind, key, id, record_type, record_id FROM told
    WHERE record_id IS NOT NULL AND key <> '' ORDER BY kind, key, outcome <> 'created', id
), others AS (
    SELECT * FROM told WHERE outcome IN ('rejected', 'merged') OR code = 'same_row'
)
SELECT f.record_type, f.record_id, f.id, o.id FROM others o JOIN firsts f ON f.kind = o.kind AND f.key = o.key AND f.id <> o.id
UNION
SELECT o.record_type, o.record_id, a.row_id, o.id FROM others o
JOIN audited a ON a.record_type = o.record_type AND a.record_id = o.record_id AND a.row_id <> o.id WHERE o.outcome = 'merged'
ORDER BY 1, 2, 4
"""
"""Rows with the key of another row, and rows that a person or a rule put together with another."""


@dataclass(frozen=True)
class Contradiction:
    """A second row of a record; `first` names the first one, with its sheet when that is another one; `says` has {field: (column, first value, second value)} where both say something and differ."""

    record_type: str
    record_id: int
    row: int
    first: str
    says: Mapping[str, tuple[str, str, str]]

    def found(self, *fields: str) -> dict[str, Any] | None:
        """The first of these fields in which they differ, as a line of the audit; None when they agree."""
        name = next((one for one in fields if one in self.says), None)
        if name is None:
            return None
        column, was, now = self.says[name]
        return self.line({"column": column, "value": was[:SHOWN], "other": now[:SHOWN]})

    def line(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        """A line about the record that its second row shows."""
        return {
            "record_type": self.record_type,
            "record_id": self.record_id,
            "row_id": self.row,
            "detail": {"number": self.first, **detail},
        }


FROM_LIST = """
SELECT record_type, record_id, row_id, detail FROM jsonb_to_recordset(%(lines)s::jsonb)
AS x (record_type text, record_id bigint, row_id bigint, detail jsonb)
"""


def as_lines(found: Iterable[dict[str, Any] | None]) -> dict[str, str]:
    """Parameters of FROM_LIST."""
    return {"lines": json.dumps([one for one in found if one is not None])}


def contradictions(of: Import, sheets: Sequence[ImportSheet]) -> list[Contradiction]:
    """Every second row of a record with what it says otherwise: it is empty for a plain copy."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"sheets": [sheet.pk for sheet in sheets]})
        pairs = cursor.fetchall()
    by_pk = {sheet.pk: sheet for sheet in sheets}
    found = []
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        rows = ImportRow.objects.only("sheet_id", "number", "cells", "fixes").in_bulk(
            {pk for *_record, a, b in some for pk in (a, b)}
        )
        for record_type, record_id, first, second in some:
            before, after = (_said(rows[pk], by_pk) for pk in (first, second))
            named = _named(rows[first], rows[second], by_pk)
            found.append(Contradiction(record_type, record_id, second, named, _differing(before, after)))
    return found


def _named(first: ImportRow, second: ImportRow, sheets: Mapping[int, ImportSheet]) -> str:
    return str(first.number) if first.sheet_id == second.sheet_id else f"{first.number} ({sheets[first.sheet_id].name})"


def _said(row: ImportRow, sheets: Mapping[int, ImportSheet]) -> dict[str, tuple[str, str]]:
    """What the cells of a row say by field: (column, text)."""
    found: dict[str, tuple[str, str]] = {}
    for column in sheets[row.sheet_id].columns:
        place = column["index"]
        if column["field"] and 0 <= place < len(row.cells):
            said = text((row.fixes or {}).get(str(place), row.cells[place]))
            if said:
                found.setdefault(column["field"], (column["name"], said))
    return found


def _differing(
    before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str, str]]:
    return {
        name: (column, before[name][1], now)
        for name, (column, now) in after.items()
        if name in before and _bare(before[name][1]) != _bare(now)
    }


def _bare(said: str) -> str:
    return fold(said).replace(" ", "")
