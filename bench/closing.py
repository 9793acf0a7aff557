"""Closing one day for many people: statements, time against the hand-written floor in the same run, and pages touched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import closing_floor
from bench.closing_rows import DAY, fill
from config.scratch import scratch_database
from discipline.metrics import METRICS
from discipline.metrics.base import parameters, statement
from discipline.models import Scorecard
from discipline.services import days
from discipline.timetable import Timetable
from discipline.windows import HORIZON, Window

SIZE = {"people": 200, "companies": 20_000, "deals": 30_000, "tasks": 80_000, "activities": 240_000}
REPETITIONS = 5
MOST_STATEMENTS = 30
ONE_DAY = timedelta(days=1)
NEXT_DAY = DAY + ONE_DAY


def run(write: Callable[[str], object], size: dict[str, int] | None = None) -> bool:
    """Print statements, times, their ratio and buffers; False when the figures differ or the statements are too many."""
    with scratch_database():
        team = fill(**(size or SIZE))
        windows = Timetable.of_teams([team.pk], first=DAY, until=DAY).windows(DAY, team.pk)
        differing = _differences(windows)
        reading, floor = _interleaved(windows)
        saving = _saving(windows)
        whole = _timed(lambda: days.close(team=team, day=DAY, at=windows[0].cut_off + HORIZON))
        with CaptureQueriesContext(connection) as captured:
            days.close(team=team, day=NEXT_DAY, at=windows[0].cut_off + ONE_DAY + HORIZON)
        cards = Scorecard.objects.filter(day=DAY).count()
        statements = len([one for one in captured if one["sql"] not in ("BEGIN", "COMMIT")])
        write(f"people {len(windows)}, cards {cards}, figures that differ from the floor's: {differing}")
        write(f"statements to close the day           {statements:>8}   (at most {MOST_STATEMENTS})")
        write(f"reading, with evidence                {reading * 1000:>8.0f} ms")
        write(f"floor, hand-written, figures alone    {floor * 1000:>8.0f} ms   ratio {reading / floor:.2f}")
        write(f"saving cards, lines, evidence, ledger {saving * 1000:>8.0f} ms   {saving / reading:.2f} of the reading")
        write(f"the whole closing                     {whole * 1000:>8.0f} ms")
        for key, buffers in _buffers(windows).items():
            write(f"  {key:<36}{buffers:>8} buffers")
    return not differing and statements <= MOST_STATEMENTS and cards == len(windows)


def _interleaved(windows: list[Window]) -> tuple[float, float]:
    """Median seconds of our reading and of the floor, taken in turns."""
    ours, floor = [], []
    for _turn in range(REPETITIONS):
        ours.append(_timed(lambda: days.score(windows)))
        floor.append(_timed(lambda: closing_floor.figures(windows)))
    return median(ours), median(floor)


def _saving(windows: list[Window]) -> float:
    """Median seconds to write what a closing leaves, rolled back each time."""
    cards = days.score(windows)
    seconds = []
    for _turn in range(REPETITIONS):
        with transaction.atomic():
            seconds.append(_timed(lambda: days.save(cards, at=windows[0].horizon)))
            transaction.set_rollback(True)
    return median(seconds)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _differences(windows: list[Window]) -> int:
    """How many figures are not what the floor says."""
    floor = closing_floor.figures(windows)
    differing = 0
    for key, metric in METRICS.items():
        for window, measure in zip(windows, metric.values(windows), strict=True):
            differing += float(measure.value) != float(floor[window.person_id].get(key, 0) or 0)
    return differing


def _buffers(windows: list[Window]) -> dict[str, int]:
    """Pages touched by each metric's statement."""
    found = {}
    with connection.cursor() as cursor:
        for key, metric in METRICS.items():
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement([metric])}", parameters(windows))
            plan = cursor.fetchone()[0]
            top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
            found[key] = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return found
