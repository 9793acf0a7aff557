"""What a sheet adds up to: rows by outcome, sums of its money columns, and what was put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm import custom
from migrations_data.loading.context import Loader, Verdict
from migrations_data.loading.rows import Finding, Reader, Row
from migrations_data.models import COUNTS, LOADED, ImportSheet, Outcome
from migrations_data.understanding.nouns import Field, Type
from migrations_data.understanding.sheets import Column

MOST_FINDINGS = 300
NOT_LOADED = ("same_row", "deleted")


Stored = dict[str, Any]
Way = tuple[str, Callable[[Any], Decimal | None]]
"""Where a record keeps what a column says, and how that reads as the table has it."""


@dataclass
class Tally:
    """The running totals of one sheet; `save` writes them to it."""

    sheet: ImportSheet
    counts: Counter[str] = field(default_factory=Counter)
    sums: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    findings: Counter[Finding] = field(default_factory=Counter)

    @classmethod
    def of(cls, sheet: ImportSheet, reader: Reader) -> Tally:
        """The totals so far: those of a run that was broken off, or nothing yet."""
        tally = cls(sheet)
        for outcome in COUNTS:
            tally.counts[outcome] = getattr(sheet, outcome)
        kept = {entry["column"]: entry for entry in sheet.sums}
        for column in reader.figure_columns():
            entry = kept.get(column, {})
            tally.sums[column] = {name: Decimal(entry.get(name, 0)) for name in ("in", "loaded", "rejected")}
        for found in sheet.findings:
            tally.findings[found["code"], found["column"], found["was"], found["now"]] = found["count"]
        return tally

    def add(self, loader: Loader, reader: Reader, verdicts: Sequence[Verdict]) -> None:
        """Count a chunk. What was loaded is asked of the database, not of the rows: one statement, however many columns are added up."""
        for verdict in verdicts:
            self.counts[verdict.outcome] += 1
        ways = {column.name: _way(loader, column, of) for column, of in reader.columns if column.name in self.sums}
        taken = {verdict.record_id for verdict in verdicts if _is_taken(verdict)} if ways else set()
        places = list(dict.fromkeys(place for place, _read in ways.values()))
        rows = loader.model._base_manager.filter(pk__in=taken).values_list("pk", *places) if taken else ()
        records = {pk: dict(zip(places, stored, strict=True)) for pk, *stored in rows}
        for verdict in verdicts:
            for column, figure in verdict.row.amounts.items():
                if column in self.sums:
                    self._add_up(self.sums[column], ways[column], figure, verdict, records)

    def _add_up(
        self, sums: dict[str, Decimal], way: Way, figure: Decimal, verdict: Verdict, records: Mapping[int, Stored]
    ) -> None:
        place, read = way
        sums["in"] += figure
        record = records.get(verdict.record_id or 0) if _is_taken(verdict) else None
        loaded = read(record[place]) if record is not None else None
        if record is None or (verdict.outcome == Outcome.MERGED and loaded != figure):
            sums["rejected"] += figure  # of rows that were joined only what filled a blank, or was there already, is in
        else:
            sums["loaded"] += loaded or 0

    def take_back(self, rows: Sequence[tuple[Row, str]]) -> None:
        """Forget what was counted of these rows, each with its outcome."""
        for row, outcome in rows:
            self.counts[outcome] -= 1
            for column, figure in row.amounts.items():
                if column in self.sums:
                    self.sums[column]["in"] -= figure
                    self.sums[column]["loaded" if outcome in LOADED else "rejected"] -= figure

    def save(self) -> None:
        sheet = self.sheet
        for outcome in COUNTS:
            setattr(sheet, outcome, self.counts[outcome])
        sheet.sums = [
            {"column": column, **{name: str(value) for name, value in sums.items()}}
            for column, sums in self.sums.items()
        ]
        sheet.findings = as_list(self.findings)
        sheet.save(update_fields=[*COUNTS, "sums", "findings"])


def _is_taken(verdict: Verdict) -> bool:
    return verdict.record_id is not None and not (verdict.problem and verdict.problem.code in NOT_LOADED)


def _way(loader: Loader, column: Column, of: Field) -> Way:
    key, unit = custom.key_of(of.name), column.unit
    if of.type == Type.MONEY:
        return loader.money[of.name], lambda value: None if value is None else Decimal(value) / 100 / unit
    if not key:
        return of.name, lambda value: None if value is None else Decimal(value)
    if of.type == Type.SUM:
        return "custom", lambda own: Decimal(own[key][0]) / 100 / unit if own.get(key) else None
    return "custom", lambda own: Decimal(str(own[key])) if own.get(key) is not None else None


def as_list(findings: Counter[Finding]) -> list[dict[str, Any]]:
    """Findings for storing, those about whole columns first, then the most frequent; a table with more kinds of faults than anybody reads is cut."""
    in_order = sorted(findings.items(), key=lambda found: (found[1] > 0, -found[1], found[0]))
    return [
        {"code": code, "column": column, "was": was[:200], "now": now[:200], "count": count}
        for (code, column, was, now), count in in_order[:MOST_FINDINGS]
    ]


def about_columns(reader: Reader) -> Counter[Finding]:
    """What was decided about whole columns: how dates read, in which unit amounts seem to be. They have no count."""
    said: Counter[Finding] = Counter()
    for column, of in reader.columns:
        if of.type == Type.DATE and column.dates and column.dates != "ymd":
            code = "dates_mixed" if column.mixed else "dates" if column.sure else "dates_unsure"
            said[code, column.name, "", ORDERS[column.dates]] = 0
        if of.type == Type.MONEY and column.looks != column.unit and column.looks > 1:
            said["unit", column.name, "", f"{column.looks:,}"] = 0
    return said


ORDERS = {"dmy": "DD-MM-YYYY", "mdy": "MM-DD-YYYY"}
