"""What a list costs as an Excel file, in processor time, against a bare streaming writer of the same cells in the same run.

The floor writes values that it has in its hands already, without a look, a width or a total. Ours asks what the person may take out,
reads the rows, gives each cell its type, and adds the filter, the totals and the pivot table. Memory is taken in processes of their
own: the most that one ever had, and how much of it the file was. It must be the same for ten times the rows.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from django.conf import settings

from accounts.models import Role, User
from bench.importing_rows import fill
from bench.loading import bare
from bench.work import stopwatch
from config.scratch import scratch_database
from crm import exports
from crm.services import exporting

Write = Callable[[str], object]
ROWS, TIMES = 100_000, 3
MOST_OF_BARE, MEMORY, LEEWAY = 8.0, 80, 1.1
"""Times the bare writer; MB at most; how much more the larger file may take than the smaller one."""
AT = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
COLUMNS = "industry,owner,city,country,phone,employees,revenue,created,changed"
PARAMS = {"noun": "companies", "query": f"cols={COLUMNS}", "kind": "xlsx"}


def run(write: Write) -> bool:
    """Print what a file costs; False when it is too dear."""
    with scratch_database():
        by = somebody(ROWS)
        now = stopwatch()
        ours, floor = [], []
        for _turn in range(TIMES):
            ours.append(_timed(now, partial(export, by)))
            floor.append(_timed(now, partial(_bare, _cells(by))))
    times = median(ours) / median(floor)
    write(f"export of {ROWS:,} rows{median(ours):>9.2f} s   bare writer{median(floor):>9.2f} s")
    write(f"times the bare writer{times:>9.2f}  at most {MOST_OF_BARE}")
    return _memory(write) and times <= MOST_OF_BARE


def somebody(rows: int) -> User:
    """An owner, and so many companies with figures to sum."""
    by = User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Olga Bench", role=Role.OWNER)
    with bare(["crm_company"]) as cursor:
        fill(cursor, by, rows)
        cursor.execute("UPDATE crm_company SET revenue_minor = id * 12345, employees = id % 900")
    return by


def export(by: User) -> int:
    """The file of the list as the page makes it; returns its length."""
    made = exporting.produce(by, PARAMS, AT)
    with exports.workbook(made.tables) as file:
        return file.seek(0, 2)


def _cells(by: User) -> list[list[Any]]:
    """The cells of that file as plain values that a writer takes."""
    (table,) = exporting.produce(by, PARAMS, AT).tables
    return [[_bare_value(value) for value in exports.spread(row)] for row in table.rows]


def _bare_value(value: Any) -> Any:
    """Days and instants as the numbers that a workbook keeps."""
    return (
        (value - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds() / 86400 if isinstance(value, datetime) else value
    )


def _bare(rows: Sequence[Sequence[Any]]) -> None:
    with TemporaryFile() as target:
        book = xlsxwriter.Workbook(target, exports.ROW_BY_ROW)
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        book.close()


def _timed(now: Callable[[], float], act: Callable[[], object]) -> float:
    began = now()
    act()
    return now() - began


def _memory(write: Write) -> bool:
    """The most that a process takes for the file, and how much of it is the file's."""
    grown = []
    for rows in (ROWS // 10, ROWS):
        told = subprocess.run(
            [sys.executable, "-m", "bench.exporting_memory", str(rows)],
            cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
        )  # fmt: skip
        before, most = map(float, told.stdout.split())
        grown.append(most - before)
        write(f"memory at {rows:,} rows{most - before:>9.1f} MB, of {most:.0f} in all  at most {MEMORY}")
    return max(grown) <= MEMORY and grown[1] <= grown[0] * LEEWAY + 1
