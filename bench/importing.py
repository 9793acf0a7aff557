"""What an import costs, in processor time, against COPY of the same rows taken in the same run.

A table of companies with fifteen columns comes into a company that has many already. The floor is a bare COPY of the finished rows
into the companies' own table, with its indexes and the triggers that stamp and keep versions: what any way of writing them pays.
Counted are this process, its database session and the process that reads the file. `SIZE=L` measures as large a company as there is.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.models import Role, User
from bench.importing_rows import fill, head, lines
from bench.loading import bare
from bench.work import stopwatch
from config.scratch import scratch_database
from crm.models import Company
from migrations_data.models import Import, ImportSheet, Status
from migrations_data.services import audit, imports, report, undo, work

SIZES = {"S": (20_000, 3_000), "M": (100_000, 10_000), "L": (500_000, 20_000)}
"""Companies present, and rows of each table that comes in."""
TIMES = 3
MOST_OF_COPY, LEAST_A_SECOND = 12.0, 2_300
DRY_RUN, AGAIN, UNDO = 1.1, 0.5, 2.0
MEMORY = {100_000: 300, 500_000: 1_000}
"""Rows -> MB that the worker may take at most."""
AT = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
FOREVER = 24 * 3600.0
Write = Callable[[str], object]


def run(write: Write) -> bool:
    """Print what each part costs; False when one is too dear, or something is changed by the same table again."""
    present, rows = SIZES[os.environ.get("SIZE", "S")]
    times: dict[str, list[float]] = {}
    with scratch_database():
        by = _somebody()
        with bare(["crm_company"]) as cursor:
            fill(cursor, by, present)
        now = _clock()
        fine = True
        for turn in range(TIMES):
            fine &= _turn(times, now, by, rows, turn)
    spent = {name: median(each) for name, each in times.items()}
    for name, seconds in spent.items():
        write(f"{name:<12}{seconds:8.2f} s{seconds / rows * 1e6:>8,.0f} µs a row{rows / seconds:>10,.0f} rows/s")
    fine &= _judge(write, spent, rows)
    return _memory(write) and fine if present == SIZES["L"][0] else fine


def _somebody() -> User:
    for n in range(30):
        User.objects.create_user(f"agent{n}@daybook.example", None, full_name=f"Agent Number {n}")
    return User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Adam Bench", role=Role.ADMIN)


def _turn(times: dict[str, list[float]], now: Callable[[], float], by: User, rows: int, turn: int) -> bool:
    """One table the whole way, tried, loaded, loaded again, undone; whether it did what it should."""

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = now()
        yield
        times.setdefault(name, []).append(now() - began)

    table = "\n".join((head(), *lines(turn * rows, rows))).encode()
    with timed("read"):
        of = _upload(by, table)
    with timed("dry run"):
        imports.preview(of=of, by=by, at=AT, background=False)
        tried = work.carry_on(import_id=of.pk, at=AT)
    with timed("run"), _without_faults(times, now):
        imports.run(of=of, by=by, at=AT, background=False)
        done = work.carry_on(import_id=of.pk, at=AT, seconds=FOREVER)
    times["run"][-1] -= times["faults"][-1]
    with timed("reconcile"):
        told = report.as_dict(done)
    with timed("again"), _without_faults(times, now):
        again = _upload(by, table)
        imports.run(of=again, by=by, at=AT, background=False)
        again = work.carry_on(import_id=again.pk, at=AT, seconds=FOREVER)
    times["again"][-1] -= times["faults"].pop()
    with timed("COPY"):
        _copy_companies(of)
    with timed("undo"):
        undo.ask(of=done, by=by, at=AT, background=False)
        undone = work.carry_on(import_id=of.pk, at=AT, seconds=FOREVER)
    statuses = (tried.status, done.status, again.status, undone.status)
    same = not ImportSheet.objects.filter(file__of_import=again).exclude(skipped=rows).exists()
    return bool(told["ok"]) and same and statuses == (Status.PREVIEWED, Status.DONE, Status.DONE, Status.UNDONE)


@contextmanager
def _without_faults(times: dict[str, list[float]], now: Callable[[], float]) -> Iterator[None]:
    """Count what was wrong in the old tables by itself: it is looked for after the last row is in."""
    spent = times.setdefault("faults", [])
    take = audit.take

    def counted(**words: Any) -> None:
        began = now()
        take(**words)
        spent.append(now() - began)

    with patch.object(audit, "take", counted):
        yield


def _upload(by: User, table: bytes) -> Import:
    made = imports.upload(by=by, at=AT, uploads=[ContentFile(table, name="companies.csv")], background=False)
    return work.carry_on(import_id=made.pk, at=AT)


def _copy_companies(of: Import) -> None:
    """The companies of an import once more under keys of their own, and taken back: the table stays as it was."""
    columns = [str(f.column) for f in Company._meta.concrete_fields if not f.generated and not f.primary_key]
    chosen = ", ".join(f"{name} || '-copy'" if name == "external_id" else name for name in columns)
    made = f"""SELECT {chosen} FROM crm_company WHERE id IN (
        SELECT record_id FROM migrations_data_importrow r JOIN migrations_data_importsheet s ON s.id = r.sheet_id
        JOIN migrations_data_importfile f ON f.id = s.file_id WHERE f.of_import_id = {of.pk})"""
    out = io.StringIO()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({made}) TO STDOUT (FORMAT csv)", out)
        out.seek(0)
        cursor.copy_expert(f"COPY crm_company ({', '.join(columns)}) FROM STDIN (FORMAT csv)", out)
        transaction.set_rollback(True)


def _judge(write: Write, spent: dict[str, float], rows: int) -> bool:
    whole = spent["read"] + spent["run"] + spent["reconcile"]
    bounds = [
        ("whole way, rows a second", rows / whole, LEAST_A_SECOND, False),
        ("whole way, times COPY", whole / spent["COPY"], MOST_OF_COPY, True),
        ("dry run, times the run", spent["dry run"] / spent["run"], DRY_RUN, True),
        ("the same again, times the whole way", spent["again"] / whole, AGAIN, True),
        ("undo, times the run", spent["undo"] / spent["run"], UNDO, True),
    ]
    for name, figure, bound, is_most in bounds:
        write(f"{name:<38}{figure:>9,.2f}  {'at most' if is_most else 'at least'} {bound:,}")
    return all((figure <= bound) if is_most else (figure >= bound) for _name, figure, bound, is_most in bounds)


def _clock() -> Callable[[], float]:
    """Seconds of this process, its database session, and its children that have ended."""
    here = stopwatch()

    def now() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return here() + children.ru_utime + children.ru_stime

    return now


def _memory(write: Write) -> bool:
    """What the worker takes at most, each time in a process of its own."""
    fine = True
    for rows, most in MEMORY.items():
        told = subprocess.run(
            [sys.executable, "-m", "bench.importing_memory", str(rows)],
            cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
        )  # fmt: skip
        used = int(told.stdout.split()[-1])
        write(f"memory of the worker at {rows:,} rows{used:>10,} MB  at most {most:,}")
        fine &= used <= most
    return fine
