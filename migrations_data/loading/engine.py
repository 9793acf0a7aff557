"""A pass through an import: every row of every sheet, in chunks. A run commits each chunk with its verdicts, so that it can be taken
up again after any crash; a preview does the very same and rolls all of it back."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from crm.models import CompanySettings
from migrations_data.loading import companies, contacts, deals, judging, people, products, purchases
from migrations_data.loading.context import Context, Loader, Seen, Verdict
from migrations_data.loading.references import Funnel, of
from migrations_data.loading.rows import Reader, Row
from migrations_data.loading.tally import Tally, about_columns
from migrations_data.models import Import, ImportRow, ImportSheet, Outcome
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.own import kind_of
from migrations_data.understanding.values import text

CHUNK = 1000
LOADERS = {one.LOADER.kind: one.LOADER for one in (products, people, companies, contacts, deals, purchases)}
Progress = Callable[[int], None]


@dataclass
class Pass:
    """One pass. `commit` tells a run from a preview; a run stops between chunks when `time_up` and is taken up again later."""

    of: Import
    by: User
    at: datetime
    commit: bool
    progress: Progress = lambda done: None
    time_up: Callable[[], bool] = lambda: False
    done: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)

    def go(self) -> bool:
        """Judge every row that has no verdict yet; says whether all of them have one now."""
        sheets = _in_order(self.of)
        context = Context(self.of, self.by, self.at, CompanySettings.current(), Reader(ALL["deals"], []))
        self.done = self.of.rows_done if self.commit else 0
        for sheet in sheets:
            loader, kind = LOADERS[sheet.kind], kind_of(sheet.kind)
            context.reader = Reader(kind, sheet.columns)
            tally = Tally.of(sheet, context.reader)
            self.tallies.append(tally)
            self._begin(context, sheet, tally)
            for pks in self._chunks(context, sheet, loader):
                if self.time_up():
                    return False
                self._chunk(context, loader, pks, tally)
        return True

    def _begin(self, context: Context, sheet: ImportSheet, tally: Tally) -> None:
        tally.findings.update(about_columns(context.reader))
        _remember(context, sheet)
        if sheet.kind == "deals":
            with transaction.atomic():
                of(context, Funnel).make_room(_texts_in(sheet, "stage"))
                self._keep(context, [], tally)

    def _chunk(self, context: Context, loader: Loader, pks: Sequence[int], tally: Tally) -> None:
        with transaction.atomic():
            rows = _read(context.reader, pks)
            verdicts = judging.chunk(context, loader, rows)
            tally.add(loader, context.reader, verdicts, context.reader.findings)
            self.done += len(verdicts)
            self._keep(context, verdicts, tally)
        context.reader.findings.clear()
        self.progress(self.done)

    def _keep(self, context: Context, verdicts: Sequence[Verdict], tally: Tally) -> None:
        """A run stores the verdicts with what they did, in the same transaction; a preview keeps them until it is rolled back."""
        tally.findings.update(context.findings)
        context.findings.clear()
        if not self.commit:
            self.verdicts += verdicts
            return
        record(verdicts)
        tally.save()
        Import.objects.filter(pk=self.of.pk).update(rows_done=F("rows_done") + len(verdicts))

    def _chunks(self, context: Context, sheet: ImportSheet, loader: Loader) -> Iterator[list[int]]:
        rows = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row)
        pending = list(rows.filter(outcome="").order_by("number").values_list("pk", flat=True))
        layers = [pending]
        if loader.arrange is not None:
            wanted = set(pending)
            reader = Reader(kind_of(sheet.kind), sheet.columns)
            everything = (
                reader.parse(pk, n, cells)
                for pk, n, cells in rows.order_by("number").values_list("pk", "number", "cells")
            )
            layers = [[pk for pk in layer if pk in wanted] for layer in loader.arrange(context, everything)]
        for layer in layers:
            yield from (layer[start : start + CHUNK] for start in range(0, len(layer), CHUNK))


def preview(*, of: Import, by: User, at: datetime, progress: Progress = lambda done: None) -> None:
    """Do all that a run does, take it back, and keep only the verdicts."""
    attempt = Pass(of, by, at, commit=False, progress=progress)
    with transaction.atomic():
        attempt.go()
        transaction.set_rollback(True)
    with transaction.atomic():
        for start in range(0, len(attempt.verdicts), CHUNK):
            record(attempt.verdicts[start : start + CHUNK], of_preview=True)
        for tally in attempt.tallies:
            tally.save()


def run(*, of: Import, by: User, at: datetime, seconds: float, progress: Progress = lambda done: None) -> bool:
    """Take the import up where it stands, for at most about `seconds`; says whether it is through."""
    began = time.monotonic()
    return Pass(of, by, at, commit=True, progress=progress, time_up=lambda: time.monotonic() - began > seconds).go()


def record(verdicts: Sequence[Verdict], *, of_preview: bool = False) -> None:
    """Write verdicts to their rows in one statement. A preview's have no records: those were rolled back."""
    if not verdicts:
        return
    said = [
        {
            "id": verdict.row.pk,
            "outcome": verdict.outcome,
            "code": verdict.problem.code if verdict.problem else "",
            "column": verdict.problem.column[:200] if verdict.problem else "",
            "detail": verdict.problem.detail[:300] if verdict.problem else "",
            "key": verdict.row.key,
            "values": None if of_preview else verdict.values or None,
            "record_type": "" if of_preview else verdict.record_type,
            "record_id": None if of_preview else verdict.record_id,
        }
        for verdict in verdicts
    ]
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [json.dumps(said)])


RECORD = """
UPDATE migrations_data_importrow r
SET outcome = v.outcome, code = v.code, "column" = v."column", detail = v.detail, key = v.key, "values" = v."values",
    record_type = v.record_type, record_id = v.record_id
FROM jsonb_to_recordset(%s::jsonb) AS v (
    id bigint, outcome text, code text, "column" text, detail text, key text, "values" jsonb, record_type text, record_id bigint
)
WHERE r.id = v.id
"""


def _in_order(of: Import) -> list[ImportSheet]:
    """The sheets that are imported; what others refer to comes first, whatever the order of the files."""
    order = {kind: place for place, kind in enumerate(ALL)}
    sheets = ImportSheet.objects.filter(file__of_import=of, kind__in=order)
    return sorted(sheets, key=lambda sheet: order[sheet.kind])


def _read(reader: Reader, pks: Sequence[int]) -> list[Row]:
    rows = ImportRow.objects.filter(pk__in=pks).values_list("pk", "number", "cells")
    return sorted((reader.parse(pk, number, cells) for pk, number, cells in rows), key=lambda row: row.number)


def _remember(context: Context, sheet: ImportSheet) -> None:
    """Know the keys of rows that have their verdict already, from a run that was broken off."""
    judged = ImportRow.objects.filter(sheet=sheet).exclude(outcome="").exclude(key="").order_by("number")
    seen = context.seen.setdefault(sheet.kind, {})
    for pk, number, key, outcome, code, cells in judged.values_list("pk", "number", "key", "outcome", "code", "cells"):
        base = re.sub(r"#\d+$", "", key)
        context.times[base] += 1
        if outcome in (Outcome.CREATED, Outcome.UPDATED) or code == "same":
            row = context.reader.parse(pk, number, cells)
            seen.setdefault(key, Seen(number, judging.fingerprint(row)))
    context.reader.findings.clear()


def _texts_in(sheet: ImportSheet, name: str) -> list[str]:
    """The different texts of a column, as the database finds them: one statement whatever the rows."""
    places = [column["index"] for column in sheet.columns if column["field"] == name]
    rows = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row)
    found = {text(one) for place in places for one in rows.values_list(f"cells__{place}", flat=True).distinct()}
    return sorted(found - {""})
