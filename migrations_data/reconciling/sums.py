"""The sums of every money and number column, asked of the rows and of the records again: in = loaded + rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from crm import custom
from migrations_data.models import ImportSheet
from migrations_data.reconciling import cells
from migrations_data.understanding import values
from migrations_data.understanding.nouns import Type
from migrations_data.understanding.own import kind_of
from migrations_data.understanding.values import Unclear

RECORDS = {
    "companies": ("crm_company", {"revenue": "revenue_minor", "employees": "employees"}),
    "deals": ("crm_deal", {"amount": "amount_minor"}),
    "purchases": ("crm_purchase", {"amount": "amount_minor"}),
    "products": ("crm_product", {"price": "price_minor"}),
    "contacts": ("crm_contact", {}),
}  # fmt: skip
"""Where the records of a kind are, and in which column a field of theirs. Columns in minor units end in `_minor`."""
CENT = Decimal("0.01")
NOT_LOADED = ("same_row", "deleted")


class Sums(NamedTuple):
    """A column in the table, in Daybook, and in rows that were not taken."""

    told: Decimal = Decimal(0)
    loaded: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)


@dataclass
class Check:
    """A column as the run added it up, and the same counted again. `differing` records say something else now than their rows:
    somebody changed them in Daybook. `rows` have a figure in it: each is kept to the cent."""

    sheet: ImportSheet
    column: str
    ran: Sums
    again: Sums
    differing: int = 0
    rows: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing of it is missing: what the table has is in Daybook or was not taken."""
        return abs(self.ran.told - self.ran.loaded - self.ran.rejected) <= CENT / 2 * max(1, self.rows)

    @property
    def agrees(self) -> bool:
        """Whether the rows, asked again, say what the run counted, and nothing is missing but what people changed in Daybook."""
        same = _same(self.ran.told, self.again.told) and _same(self.ran.rejected, self.again.rejected)
        return same and (self.differing > 0 or (self.balanced and _same(self.ran.loaded, self.again.loaded)))


def _same(one: Decimal, other: Decimal) -> bool:
    return round(one - other, 2) == 0


def checks(sheets: Sequence[ImportSheet]) -> list[Check]:
    """Every column of amounts or numbers that the CRM keeps, counted again: one statement, whatever the rows and sheets.

    The run adds up columns of money as it goes; those of other numbers are counted here alone.
    """
    kept = {(sheet.pk, entry["column"]): entry for sheet in sheets for entry in sheet.sums}
    stored = [(sheet, column) for sheet in sheets for column in sheet.columns if _stored(sheet, column["field"])]
    counted = _again(stored)
    found = []
    for sheet, column in stored:
        again, differing, rows = counted.get((sheet.pk, column["index"]), (Sums(), 0, 0))
        entry = kept.get((sheet.pk, column["name"]))
        ran = Sums(*(Decimal(entry[name]) for name in ("in", "loaded", "rejected"))) if entry else again
        found.append(Check(sheet, column["name"], ran, again, differing, rows))
    return found


def _stored(sheet: ImportSheet, field: str) -> str:
    """The SQL of what a record (`t`) has in a field, in whole units; empty for a field that is no figure of a record."""
    if sheet.kind not in RECORDS:
        return ""
    name = RECORDS[sheet.kind][1].get(field, "")
    if name:
        return f"t.{name} / 100.0" if name.endswith("_minor") else f"t.{name}"
    known = kind_of(sheet.kind).fields.get(field)
    key = custom.key_of(field)
    if not key or not key.isidentifier() or known is None or known.type not in (Type.FIGURE, Type.SUM):
        return ""
    cell = f"t.custom #>> '{{{key}{',0' if known.type == Type.SUM else ''}}}'"
    return f"({cell})::numeric{' / 100.0' if known.type == Type.SUM else ''}"


def _again(wanted: Sequence[tuple[ImportSheet, Mapping[str, Any]]]) -> dict[tuple[int, int], tuple[Sums, int, int]]:
    """(sheet, index) -> its sums, how many records say something else, and how many rows have a figure."""
    if not wanted:
        return {}
    columns = {(sheet.pk, column["index"]): column for sheet, column in wanted}
    with connection.cursor() as cursor:
        cursor.execute(
            SUMS.replace("<lines>", "\nUNION ALL\n".join(_lines(*one) for one in wanted)), [list(NOT_LOADED)]
        )
        rows = cursor.fetchall()
    found: dict[tuple[int, int], tuple[Sums, int, int]] = defaultdict(lambda: (Sums(), 0, 0))
    for sheet, index, taken, odd, stored_each, times, figure, stored, differing in rows:
        column, (sums, others, counted) = columns[sheet, index], found[sheet, index]
        told = figure
        if odd is not None:
            each = _amount(odd, column["point"])
            if each is None:
                continue
            told, differing = each * times, times * (stored_each != round(each * int(column["unit"]), 2))
        loaded = Decimal(stored or 0) / int(column["unit"]) if taken else Decimal(0)
        sums = Sums(sums.told + told, sums.loaded + loaded, sums.rejected + (0 if taken else told))
        found[sheet, index] = (sums, others + (differing if taken else 0), counted + times)
    return found


def _amount(text: str, point: str) -> Decimal | None:
    """What the database could not read as a number: with a currency around it, in brackets, or no number at all."""
    try:
        return values.amount(text, point)
    except Unclear:
        return None


def _lines(sheet: ImportSheet, column: Mapping[str, Any]) -> str:
    stored, figure = _stored(sheet, column["field"]), cells.figure(column)
    return f"""
SELECT {sheet.pk} AS sheet, {int(column["index"])} AS place, {int(column["unit"])} AS unit, t.id IS NOT NULL AS there, r.code, r.outcome,
    {cells.text(column["index"])} AS said, {figure} AS figure, {stored} AS stored
FROM migrations_data_importrow r LEFT JOIN {RECORDS[sheet.kind][0]} t ON t.id = r.record_id
WHERE r.sheet_id = {sheet.pk} AND r.part = ''"""


SUMS = """
SELECT sheet, place, taken, odd, each, count(*), sum(figure), sum(stored), count(*) FILTER (WHERE stored IS DISTINCT FROM round(figure * unit, 2))
FROM (
    SELECT *, there AND code <> ALL (%s)
        AND (outcome <> 'merged' OR stored IS NOT DISTINCT FROM round(figure * unit, 2)) AS taken, CASE WHEN figure IS NULL THEN said END AS odd, CASE WHEN figure IS NULL THEN stored END AS each
    FROM (<lines>
    ) AS said
    WHERE said <> ''
) AS read
GROUP BY sheet, place, taken, odd, each
"""
