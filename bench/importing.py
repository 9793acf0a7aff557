"""Rows a second of an import, against COPY of the same rows taken in the same run.

Two floors. The lower is COPY of the table's cells into a bare table without keys: nothing can be faster. The upper is COPY of the
finished deals into the deals' own table, with its indexes and the triggers that stamp and keep open periods: what any way of
writing deals has to pay. The import beside them keeps every row as it was, reads it, finds companies, products and owners,
writes deals with their products, and records what became of each row.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.models import Role, User
from config.scratch import scratch_database
from crm.models import Deal
from migrations_data.models import Import, ImportSheet, Status
from migrations_data.services import imports, work

ROWS = 20_000
HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
STAGES = ("Won", "Won", "Lost", "Engaging", "Prospecting")
AT = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)


def run(write: Callable[[str], object], rows: int = ROWS) -> bool:
    """Print rows a second of each way; False when a deal is missing, or the same table again changes any."""
    with scratch_database():
        by = User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Adam Bench", role=Role.ADMIN)
        for n in range(30):
            User.objects.create_user(f"agent{n}@daybook.example", None, full_name=f"Agent Number {n}")
        table = _table(rows)
        times: dict[str, float] = {}
        with _timed(times, "read"):
            first = _upload(by, table)
        with _timed(times, "import"):
            first = _load(first, by)
        with _timed(times, "again"):
            again = _load(_upload(by, table), by)
        there = Deal.objects.count()
        with _timed(times, "bare COPY"):
            _copy_cells(table)
        with _timed(times, "COPY of deals"):
            _copy_deals()
        for name, seconds in times.items():
            write(f"{name:<16}{seconds:8.2f} s{rows / seconds:>12,.0f} rows/s")
        whole = times["read"] + times["import"]
        write(
            f"whole way: {rows / whole:,.0f} rows/s, {whole / times['COPY of deals']:.1f} x COPY of deals, {whole / times['bare COPY']:.0f} x bare COPY"
        )
        changed = ImportSheet.objects.filter(file__of_import=again).exclude(created=0, updated=0, rejected=0)
        return there == rows and first.status == again.status == Status.DONE and not changed.exists()


def _table(rows: int) -> bytes:
    lines = (
        f"K{n:06},Agent Number {n % 30},Product {n % 12},Company {n % 400},{STAGES[n % 5]},"
        f"{n % 28 + 1:02}-{n % 12 + 1:02}-2016,{n % 28 + 1:02}-{n % 12 + 1:02}-2017,{n % 9000}.50"
        for n in range(rows)
    )
    return "\n".join((HEAD, *lines)).encode()


def _upload(by: User, table: bytes) -> Import:
    made = imports.upload(by=by, at=AT, uploads=[ContentFile(table, name="pipeline.csv")], background=False)
    return work.carry_on(import_id=made.pk, at=AT)


def _load(made: Import, by: User) -> Import:
    """The run alone: a preview takes the same time once more."""
    imports.run(of=made, by=by, at=AT, background=False)
    return work.carry_on(import_id=made.pk, at=AT, seconds=3600)


def _copy_cells(table: bytes) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(f"{name} text" for name in HEAD.split(","))
        cursor.execute(f"CREATE TABLE bench_floor ({columns})")
        cursor.copy_expert("COPY bench_floor FROM STDIN (FORMAT csv, HEADER)", io.BytesIO(table))


def _copy_deals() -> None:
    """Every deal once more, under a key of its own, through the table's indexes and triggers."""
    columns = [str(f.column) for f in Deal._meta.concrete_fields if not f.generated and not f.primary_key]
    out = io.StringIO()
    with connection.cursor() as cursor:
        listed = ", ".join(columns)
        chosen = ", ".join("external_id || '-copy'" if column == "external_id" else column for column in columns)
        cursor.copy_expert(f"COPY (SELECT {chosen} FROM crm_deal) TO STDOUT (FORMAT csv)", out)
        out.seek(0)
        with transaction.atomic():
            cursor.copy_expert(f"COPY crm_deal ({listed}) FROM STDIN (FORMAT csv)", out)


@contextmanager
def _timed(times: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    times[name] = time.perf_counter() - began
