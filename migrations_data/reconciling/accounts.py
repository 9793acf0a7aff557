"""Every row of every sheet accounted for: counted again in the database, and held against the running totals of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max

from migrations_data.models import COUNTS, ImportRow, ImportSheet, Part


@dataclass
class Account:
    """The rows of one table. `parts` counts what its rows are, `outcomes` what became of the data; `last` is its last row."""

    sheet: ImportSheet
    parts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    last: int = 0

    @property
    def kept(self) -> int:
        """Rows of the file that are kept, whatever they are."""
        return sum(self.parts.values())

    @property
    def rows_in(self) -> int:
        """Rows below the header that hold anything, subtotals and notes too."""
        return sum(self.parts[part] for part in (Part.DATA, Part.TOTAL, Part.NOTE))

    @property
    def around(self) -> int:
        """Rows above the table, its header and blank ones between its rows."""
        return sum(self.parts[part] for part in (Part.BANNER, Part.HEADER, Part.BLANK))

    @property
    def counted(self) -> dict[str, int]:
        """What became of them, counted again. Subtotals, notes and everything on a sheet that is not imported are left out."""
        if not self.sheet.kind:
            return dict.fromkeys(COUNTS, 0) | {"left_out": self.rows_in}
        beside = self.parts[Part.TOTAL] + self.parts[Part.NOTE]
        return {name: self.outcomes[name] + (beside if name == "left_out" else 0) for name in COUNTS}

    @property
    def open(self) -> int:
        """Rows without a verdict. There are none once an import is through."""
        return self.rows_in - sum(self.counted.values())

    @property
    def agrees(self) -> bool:
        """Whether every row has a place, and the totals of the run say the same."""
        told = {name: getattr(self.sheet, name) for name in COUNTS}
        return not self.open and self.rows_in == self.sheet.rows_in and told == self.counted


def accounts(sheets: Sequence[ImportSheet]) -> list[Account]:
    """One account a sheet, in their order: two statements."""
    found = {sheet.pk: Account(sheet) for sheet in sheets}
    rows = ImportRow.objects.filter(sheet__in=found).order_by()
    for sheet, part, outcome, times in rows.values_list("sheet", "part", "outcome").annotate(times=Count("pk")):
        found[sheet].parts[part] += times
        if part == Part.DATA:
            found[sheet].outcomes[outcome] += times
    for sheet, last in rows.values_list("sheet").annotate(last=Max("number")):
        found[sheet].last = last
    return list(found.values())


def header_rows(sheets: Sequence[ImportSheet]) -> dict[int, list[int]]:
    """Sheet -> the numbers of the rows of its header."""
    found: dict[int, list[int]] = {sheet.pk: [] for sheet in sheets}
    rows = ImportRow.objects.filter(sheet__in=found, part=Part.HEADER).order_by("sheet", "number")
    for sheet, number in rows.values_list("sheet", "number"):
        found[sheet].append(number)
    return found
