"""The sums of every money and number column, asked of the rows and of the records again: in = loaded + rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
NOT_LOADED = ("same_row", "deleted")


@dataclass
class Check:
    """A column: the running totals of the run (`told`, `loaded`, `rejected`), and the same counted again (`again_…`).

    `differing` records say something else now than their rows: somebody changed them in Daybook.
    """

    sheet: ImportSheet
    column: str
    told: Decimal
    loaded: Decimal
    rejected: Decimal
    again_told: Decimal
    again_loaded: Decimal
    again_rejected: Decimal
    differing: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing of it is missing: what the table has is in Daybook or was not taken."""
        return round(self.told - self.loaded - self.rejected, 2) == 0

    @property
    def agrees(self) -> bool:
        """Whether the rows, asked again, say what the run counted. What people changed since is no fault of the run's."""
        same = round(self.told - self.again_told, 2) == 0 and round(self.rejected - self.again_rejected, 2) == 0
        return same and (self.differing > 0 or round(self.loaded - self.again_loaded, 2) == 0)


def checks(sheets: Sequence[ImportSheet]) -> list[Check]:
    """Every column of amounts or numbers that the CRM keeps, counted again: one statement, whatever the rows and sheets.

    The run adds up columns of money as it goes; those of other numbers are counted here alone.
    """
    kept = {(sheet.pk, entry["column"]): entry for sheet in sheets for entry in sheet.sums}
    stored = [(sheet, column) for sheet in sheets for column in sheet.columns if _stored(sheet, column["field"])]
    again = _again(stored)
    found = []
    for sheet, column in stored:
        counted = again.get((sheet.pk, column["index"]), (Decimal(0), Decimal(0), Decimal(0), 0))
        entry = kept.get((sheet.pk, column["name"]))
        told = tuple(Decimal(entry[name]) for name in ("in", "loaded", "rejected")) if entry else counted[:3]
        found.append(Check(sheet, column["name"], *told, *counted))
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


def _again(
    wanted: Sequence[tuple[ImportSheet, Mapping[str, Any]]],
) -> dict[tuple[int, int], tuple[Decimal, Decimal, Decimal, int]]:
    """(sheet, index) -> in, loaded, rejected, records that say something else."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            SUMS.replace("<lines>", "\nUNION ALL\n".join(_lines(*one) for one in wanted)), [list(NOT_LOADED)]
        )
        rows = cursor.fetchall()
    columns = {(sheet.pk, column["index"]): column for sheet, column in wanted}
    found: dict[tuple[int, int], tuple[Decimal, Decimal, Decimal, int]] = defaultdict(
        lambda: (Decimal(0), Decimal(0), Decimal(0), 0)
    )
    for sheet, index, taken, odd, times, figure, stored, differing in rows:
        column = columns[sheet, index]
        told, loaded, rejected, others = found[sheet, index]
        sum_ = figure if odd is None else _amount(odd, column["point"])
        if sum_ is None:
            continue
        sum_ = sum_ if odd is None else sum_ * times
        told += sum_
        if taken:
            loaded += (stored or Decimal(0)) / int(column["unit"])
            others += differing if odd is None else 0
        else:
            rejected += sum_
        found[sheet, index] = (told, loaded, rejected, others)
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
SELECT {sheet.pk} AS sheet, {int(column["index"])} AS place, {int(column["unit"])} AS unit, t.id IS NOT NULL AS there, r.code,
    {cells.text(column["index"])} AS said, {figure} AS figure, {stored} AS stored
FROM migrations_data_importrow r LEFT JOIN {RECORDS[sheet.kind][0]} t ON t.id = r.record_id
WHERE r.sheet_id = {sheet.pk} AND r.part = ''"""


SUMS = """
SELECT sheet, place, taken, odd, count(*), sum(figure), sum(stored), count(*) FILTER (WHERE stored IS DISTINCT FROM round(figure * unit, 2))
FROM (
    SELECT *, there AND code <> ALL (%s) AS taken, CASE WHEN figure IS NULL THEN said END AS odd
    FROM (<lines>
    ) AS said
    WHERE said <> ''
) AS read
GROUP BY sheet, place, taken, odd
"""


def in_all(found: Iterable[Check]) -> bool:
    """Whether every sum adds up and was found again."""
    return all(one.balanced and one.agrees for one in found)
