"""One look through the records of an import: who they are, which cells they came from, which rows contradict each other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from migrations_data.audit.contradictions import Contradiction, contradictions
from migrations_data.audit.fault import Fault
from migrations_data.models import Import, ImportSheet
from migrations_data.understanding.nouns import Type
from migrations_data.understanding.own import kind_of
from migrations_data.understanding.words import EMPTY, ERRORS

FIGURES = "figures"
"""What a column of numbers is called here that fills no field of money."""

AUDITED = """
DROP TABLE IF EXISTS pg_temp.audited;
CREATE TEMPORARY TABLE audited ON COMMIT DROP AS
SELECT DISTINCT ON (record_type, record_id) record_type, record_id, row_id FROM (
    SELECT r.record_type, r.record_id, r.id AS row_id, r.outcome <> 'created' AS later FROM migrations_data_importrow r
    WHERE r.sheet_id = ANY(%(sheets)s) AND r.record_id IS NOT NULL
    UNION ALL
    SELECT c.record_type, c.record_id, c.row_id, true FROM migrations_data_importchange c
    WHERE c.of_import_id = %(import)s AND c.action = 'created'
) AS found
WHERE record_type IN ('company', 'contact', 'deal')
ORDER BY record_type, record_id, later, row_id;
CREATE UNIQUE INDEX ON audited (record_type, record_id);
ANALYZE audited;
"""

CELLS = """
cells AS (
    SELECT r.id AS row_id, r.record_type, r.record_id, p.field, p."column", p.country,
        coalesce(r."values"->>'country', '') AS said_country,
        btrim(coalesce(r.fixes->>(p.place::text), r.cells->>p.place)) AS cell
    FROM jsonb_to_recordset(%(places)s::jsonb) AS p (sheet bigint, place int, field text, "column" text, country text)
    JOIN migrations_data_importrow r ON r.sheet_id = p.sheet
    WHERE r.record_id IS NOT NULL AND r.record_type IN ('company', 'contact', 'deal') AND p.field = ANY(%(fields)s)
), filled AS (
    SELECT * FROM cells WHERE cell <> '' AND lower(cell) <> ALL(%(empty)s)
)
"""
"""Begins a statement that looks at the cells of some fields, as they stand in the files."""

KEEP = """
INSERT INTO migrations_data_auditline (of_import_id, code, record_type, record_id, row_id, detail)
SELECT %(import)s, %(code)s, record_type, record_id, row_id, detail FROM (
    SELECT DISTINCT ON (record_type, record_id) * FROM ({sql}) AS said (record_type, record_id, row_id, detail)
    ORDER BY record_type, record_id, row_id
) AS found
WHERE NOT EXISTS (
    SELECT FROM migrations_data_auditline l WHERE l.of_import_id = %(import)s AND l.code = %(code)s
        AND l.record_type = found.record_type AND l.record_id = found.record_id
)
ORDER BY row_id NULLS LAST, record_type, record_id
"""


@dataclass
class Looking:
    """What the classes of faults share while an import is looked through, inside one transaction."""

    of: Import
    today: date
    home: str
    sheets: Sequence[ImportSheet] = field(default_factory=list)

    def begin(self) -> None:
        """Put the records of the import into a table of this transaction."""
        self.sheets = list(ImportSheet.objects.filter(file__of_import=self.of).exclude(kind=""))
        with connection.cursor() as cursor:
            cursor.execute(AUDITED, {"sheets": [sheet.pk for sheet in self.sheets], "import": self.of.pk})

    def keep(self, fault: Fault) -> None:
        """Write the lines of one class: one statement, and those that prepare it."""
        given = {"import": self.of.pk, "code": fault.code, "today": self.today, **fault.given(self)}
        with connection.cursor() as cursor:
            cursor.execute(KEEP.format(sql=fault.sql), given)

    def cells(self, *fields: str) -> dict[str, Any]:
        """Parameters of a statement that begins with CELLS, for the columns that fill these fields."""
        return {"places": self.places, "fields": list(fields), "empty": sorted(EMPTY | ERRORS)}

    @cached_property
    def places(self) -> str:
        return json.dumps(
            [
                {
                    "sheet": sheet.pk, "place": column["index"], "field": _field(column), "column": column["name"],
                    "country": column.get("country", ""),
                }
                for sheet in self.sheets
                for column in sheet.columns
                if _field(column) and column["index"] >= 0
            ]
        )  # fmt: skip

    def money_fields(self) -> list[str]:
        """The names of fields that hold amounts, those of the company's own among them."""
        kinds = [kind_of(name) for name in {sheet.kind for sheet in self.sheets}]
        return sorted(
            {
                of.name
                for kind in kinds
                for of in kind.fields.values()
                if of.type in ("money", "sum") and of.name != "price"
            }
        )

    def read(self, sql: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall()

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        """Where two rows of one record say two things; found once for all classes that ask."""
        return contradictions(self.of, self.sheets)


def _field(column: Mapping[str, Any]) -> str:
    """What a column fills, or that it holds figures which only a note keeps, or nothing."""
    field = str(column["field"])
    return FIGURES if column.get("type") == Type.NUMBER and field in ("", "note") else field
