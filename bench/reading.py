"""What reading a workbook costs beside its reader: processor time against python-calamine's own in the same run, and memory.

The floor is `to_python()` of every sheet in a process of its own. Above it stand the reading process (start, checks, what the reader
leaves out, limits, JSON) and what the worker does with its lines up to the text that COPY takes. Medians of some rounds, taken in
turns, because a machine at work is not the same from one minute to the next.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xlsxwriter
from django.core.files.base import File

from accounts.models import Role, User
from config.scratch import scratch_database
from migrations_data.models import ImportRow, Status
from migrations_data.reading.parent import Rows, read
from migrations_data.services import imports, work
from migrations_data.services.staging import lines

ROWS, ROUNDS = 100_000, 5
MOST_TIMES, MOST_MB = 1.5, 300
AT = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
FLOOR = """
import sys, time, python_calamine
began = time.process_time()
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name).to_python()
print(time.process_time() - began)
"""

HELD = """
import json, resource, subprocess, sys
from migrations_data.reading.limits import Limits
command = [sys.executable, "-m", "migrations_data.reading.child", sys.argv[1], "", json.dumps(Limits().as_dict())]
subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def run(write: Callable[[str], object], rows: int = ROWS) -> bool:
    """Print times and memory; False when reading costs more than it may."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.xlsx"
        _make(path, rows)
        floors, ours = [], []
        for _round in range(ROUNDS):
            floors.append(float(subprocess.check_output([sys.executable, "-c", FLOOR, str(path)])))
            ours.append(_parse(path, rows))
        floor, own = statistics.median(floors), statistics.median(ours)
        write(f"calamine alone   {floor:8.2f} s of processor time for {rows:,} rows of 15 columns")
        write(f"parse            {own:8.2f} s, {own / floor:.2f} x (at most {MOST_TIMES})")
        spent, held, kept = _stage(path)
        child = int(subprocess.check_output([sys.executable, "-c", HELD, str(path)])) / 1024
    write(f"kept in database {spent:8.2f} s, {rows / spent:,.0f} rows/s with what the columns are")
    write(f"memory           {held:8.0f} MB worker, {child:.0f} MB reading process (at most {MOST_MB} each)")
    return own <= MOST_TIMES * floor and max(held, child) <= MOST_MB and kept == rows + 1


def _make(path: Path, rows: int) -> None:
    began = datetime(2020, 1, 1)  # noqa: DTZ001 - a day in a table has no zone
    with xlsxwriter.Workbook(path, {"constant_memory": False, "default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet("deals")
        sheet.write_row(0, 0, [f"column {place}" for place in range(15)])
        for n in range(1, rows + 1):
            words = (f"K{n:06}", f"Company {n % 4000} sp. z o.o.", f"Agent {n % 30}", f"Product {n % 12}", "Won",
                     f"person{n}@daybook.example", f"+48 600 {n:06}", f"City {n % 200}", f"Street {n % 1000} {n % 77}",
                     f"{n % 90:02}-{n % 900:03}", f"some note about {n % 5000}")  # fmt: skip
            for place, text in enumerate(words):
                sheet.write_string(n, place, text)
            sheet.write_datetime(n, 11, began + timedelta(days=n % 900))
            sheet.write_datetime(n, 12, began + timedelta(days=n % 1200))
            sheet.write_number(n, 13, n % 9000 + 0.5)
            sheet.write_number(n, 14, n % 700)


def _parse(path: Path, rows: int) -> float:
    """Processor time of the reading process and of this one, up to the lines for COPY."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    found = sum(text.count(b"\n") for text in lines(1, (event for event in read(path) if isinstance(event, Rows))))
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    if found != rows + 1:
        raise ValueError(found)
    return ended - began + after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _stage(path: Path) -> tuple[float, float, int]:
    """Seconds until the rows are kept and their columns recognised, the most memory held here meanwhile, rows kept."""
    with scratch_database():
        by = User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Adam Bench", role=Role.ADMIN)
        with path.open("rb") as content:
            made = imports.upload(by=by, at=AT, uploads=[File(content, name="deals.xlsx")], background=False)
        began = time.perf_counter()
        with _memory() as held:
            made = work.carry_on(import_id=made.pk, at=AT)
        spent = time.perf_counter() - began
        if made.status != Status.READ:
            raise ValueError(made.error)
        return spent, max(held), ImportRow.objects.count()


@contextmanager
def _memory() -> Iterator[list[float]]:
    """Megabytes held by this process, looked at all the while."""
    held = [0.0]
    through = threading.Event()

    def look() -> None:
        while not through.wait(0.02):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            held.append(pages * resource.getpagesize() / 1024 / 1024)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield held
    finally:
        through.set()
        watcher.join()
