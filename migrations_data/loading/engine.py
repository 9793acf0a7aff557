"""A pass through an import: every row of every sheet, in chunks. A run commits each chunk with its verdicts, so that it can be taken
up again after any crash; a preview does the very same, takes each chunk back and keeps only the verdicts.

What a preview's earlier chunks made lives on in memory only. Later ones may refer to it all the same: foreign keys are checked when
a transaction is committed, which never happens, and no number of a record is given out twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from crm.models import CompanySettings
from migrations_data.loading import grounding, judging, recording, remembering, staged
from migrations_data.loading.context import Context, Loader, Verdict
from migrations_data.loading.loaders import LOADERS
from migrations_data.loading.references import Funnel, of
from migrations_data.loading.rows import Reader
from migrations_data.loading.tally import Tally, about_columns
from migrations_data.models import Import, ImportSheet, Status
from migrations_data.services import questions, verdicts
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.own import kind_of

CHUNK = 1000
FIRST = 200
"""Rows of a preview's first chunk: they are shown while the rest is still being tried."""
WHOLE = ("people", "products")
"""Kinds of tables that a preview tries in one transaction: their rows build on each other, and there are few."""
Progress = Callable[[int], None]


@dataclass
class Pass:
    """One pass. `commit` tells a run from a preview. It stops between chunks when `time_up` or when the import was cancelled."""

    of: Import
    by: User
    at: datetime
    commit: bool
    progress: Progress = lambda done: None
    time_up: Callable[[], bool] = lambda: False
    done: int = 0
    clock: float = field(default_factory=time.monotonic)

    def go(self) -> bool:
        """Judge every row that has no verdict yet; says whether all of them have one now."""
        self._wanted().update(started_at=self.at)
        context = context_of(self.of, self.by, self.at, commit=self.commit)
        self.done = self.of.rows_done
        for sheet in staged.in_order(self.of):
            loader, tally = begin(context, sheet)
            remembering.keys(context, sheet)
            tally.findings.update(about_columns(context.reader))
            self._make_room(context, sheet, tally)
            for chunks in self._units(context, sheet, loader):
                if self.time_up() or not self._asked().exists():
                    return False
                self._unit(context, tally, partial(judge, context, loader, chunks, tally))
                self.progress(self.done)
        return self._asked().exists()

    def _asked(self) -> QuerySet[Import]:
        """The import while it waits for this very pass: whatever a person asks of it makes `started_at` empty."""
        return self._wanted().filter(started_at=self.at)

    def _wanted(self) -> QuerySet[Import]:
        return Import.objects.filter(pk=self.of.pk, status=Status.RUNNING if self.commit else Status.PREVIEWING)

    def _make_room(self, context: Context, sheet: ImportSheet, tally: Tally) -> None:
        """Before the first row: stages that the table names are added, what is no data is left out."""
        if sheet.kind == "deals":
            self._unit(context, tally, partial(add_stages, context, sheet))
        verdicts.leave_out(sheet)

    def _units(self, context: Context, sheet: ImportSheet, loader: Loader) -> Iterator[list[list[int]]]:
        """Lists of chunks that are committed, or taken back, together."""
        chunks = [chunk for layer in staged.layers(context, sheet, loader) for chunk in self._cut(layer)]
        if self.commit or sheet.kind not in WHOLE:
            yield from ([chunk] for chunk in chunks)
        elif chunks:
            yield chunks

    def _cut(self, pks: list[int]) -> Iterator[list[int]]:
        start, size = 0, CHUNK if self.commit else min(FIRST, CHUNK)
        while start < len(pks):
            yield pks[start : start + size]
            start, size = start + size, CHUNK

    def _unit(self, context: Context, tally: Tally, act: Callable[[], list[Verdict]]) -> None:
        """Do something and write down what it came to: a run in the same transaction, a preview after it was taken back.

        Nothing is written once somebody has stopped it, not even of the chunk that was being tried: by then another pass may be
        asked for, which would take these rows for done.
        """
        with transaction.atomic():
            said = act()
            if self.commit and self._holds():
                self._keep(context, said, tally)
            else:
                transaction.set_rollback(True)
        if not self.commit:
            with transaction.atomic():
                if self._holds():
                    self._keep(context, said, tally)

    def _holds(self) -> bool:
        """Whether the pass still is what the import waits for; it stays so until the transaction ends."""
        return self._asked().select_for_update(no_key=True).first() is not None

    def _keep(self, context: Context, said: Sequence[Verdict], tally: Tally) -> None:
        keep(context, said, tally)
        self.done += len(said)
        now = time.monotonic()
        spent, self.clock = now - self.clock, now
        of_import = Import.objects.filter(pk=self.of.pk)
        of_import.update(rows_done=F("rows_done") + len(said), seconds=F("seconds") + spent)


def add_stages(context: Context, sheet: ImportSheet) -> list[Verdict]:
    """Make room for the stages that a table of deals names."""
    of(context, Funnel).make_room(staged.texts_in(sheet, "stage"))
    return []


def context_of(of: Import, by: User, at: datetime, *, commit: bool, alone: bool = False) -> Context:
    context = Context(of, by, at, CompanySettings.current(), Reader(ALL["deals"], []), commit=commit, alone=alone)
    remembering.who_waits(context)
    return context


def begin(context: Context, sheet: ImportSheet) -> tuple[Loader, Tally]:
    """Turn to a sheet: its rows are read as its columns say."""
    context.reader = Reader(kind_of(sheet.kind), sheet.columns)
    return LOADERS[sheet.kind], Tally.of(sheet, context.reader)


def judge(context: Context, loader: Loader, chunks: Sequence[Sequence[int]], tally: Tally) -> list[Verdict]:
    """Judge chunks of rows, one after the other, and count what they come to."""
    said = []
    for pks in chunks:
        rows = staged.read(context.reader, pks)
        if not context.commit:
            grounding.stand_in(context, rows)
        of_chunk = judging.chunk(context, loader, rows)
        tally.add(loader, context.reader, of_chunk)
        said += of_chunk
    return said


def keep(context: Context, said: Sequence[Verdict], tally: Tally) -> None:
    """Write down what rows came to; of a pass that is not committed nothing else."""
    tally.findings.update(context.findings)
    tally.findings.update(context.reader.findings)
    recording.verdicts(said, kept=context.commit)
    asked = {verdict.row.pk: verdict.question for verdict in said if verdict.question}
    if asked:
        questions.keep(context.of, asked)
    if context.commit:
        recording.changes(context)
    for each in (context.findings, context.reader.findings, context.making, context.changed):
        each.clear()
    tally.save()


def preview(*, of: Import, by: User, at: datetime, progress: Progress = lambda done: None) -> bool:
    """Do all that a run does, take it back, and keep only the verdicts; says whether it came to the end. It begins anew: what an
    earlier one remembered is gone with it."""
    verdicts.forget(of)
    of.refresh_from_db()
    return Pass(of, by, at, commit=False, progress=progress).go()


def run(*, of: Import, by: User, at: datetime, seconds: float, progress: Progress = lambda done: None) -> bool:
    """Take the import up where it stands, for at most about `seconds`; says whether it is through."""
    began = time.monotonic()
    return Pass(of, by, at, commit=True, progress=progress, time_up=lambda: time.monotonic() - began > seconds).go()
