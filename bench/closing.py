"""Closing one day for everybody: statements, rows, and times against SQL written for that day alone, taken in turns in one process.

Counts decide whether it passes, times are shown beside what they should be: counts hold on any machine. Times are processor time,
so that what else goes on matters little.
`SIZE=L` measures two thousand people with a year and a half behind them; it takes some minutes and about 12 GB of disk.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import closing_floor, closing_triggers
from bench.closing_plans import Touched, touched
from bench.closing_rows import DAY, SIZES, Company
from bench.work import stopwatch
from config.scratch import scratch_database
from discipline.metrics import METRICS, Measure, Metric, measure
from discipline.metrics.base import parameters, statement
from discipline.models import Scorecard
from discipline.services import card_rows, days
from discipline.timetable import Timetable
from discipline.windows import Window

REPETITIONS = 5
MOST_STATEMENTS = 30
BACK = 90
SAMPLED = 7
PEOPLE_BACK = 200
"""So many people are looked at on all days back; what a day costs is told per window."""
FIGURES: tuple[Metric, ...] = tuple(METRICS[key] for key in (
    "companies_added", "meetings_held", "conversations", "deals_won", "deals_lost", "sum_won", "deals_in_progress", "overdue_tasks",
    "deals_without_task", "lost_without_reason", "data_in_time",
))  # fmt: skip
ALONE = tuple(replace(metric, kept=False) for metric in FIGURES)
"""The same figures without their evidence, as the floor has them."""

Write = Callable[[str], object]


@dataclass(frozen=True)
class Reading:
    """What reading the day takes: seconds with evidence, of the figures alone, of the floors as of the cut-off and of now."""

    whole: float
    figures: float
    floor: float
    live: float
    touched: Touched


def run(write: Write, size: str = "") -> bool:
    """Print everything; False when a figure differs or a count is out of bounds."""
    name = size or os.environ.get("SIZE", "S")
    with scratch_database():
        company = Company(SIZES[name])
        company.make_young()
        windows = Timetable.of_teams(None, first=DAY, until=DAY).windows(DAY)
        young = _reading(windows)
        company.grow_old()
        old = _reading(windows)
        write(f"size {name}: {len(windows)} people in {len(company.teams)} teams")
        passed = [
            _figures(write, windows),
            _read(write, windows, old),
            _aged(write, young, old),
            _saved(write, windows, old.figures),
            _closed(write, company),
            _back(write),
        ]
        write(f"a task's write with history and periods    {closing_triggers.ratio():>8.1f} x a plain one (at most 8)")
    return all(passed)


def _reading(windows: Sequence[Window]) -> Reading:
    """Medians, every way in turn."""
    ways: list[Callable[[], object]] = [
        lambda: measure(FIGURES, windows),
        lambda: measure(ALONE, windows),
        lambda: closing_floor.as_of(windows),
        lambda: closing_floor.live(windows),
    ]
    seconds = [[_timed(way) for way in ways] for _turn in range(REPETITIONS + 1)][1:]
    whole, figures, floor, live = (median(column) for column in zip(*seconds, strict=True))
    return Reading(whole, figures, floor, live, touched(statement(FIGURES), parameters(windows)))


def _figures(write: Write, windows: Sequence[Window]) -> bool:
    floor = closing_floor.as_of(windows)
    differing = sum(
        float(figure.value) != float(floor[window.person_id].get(key, 0) or 0)
        for key, of_all in measure(FIGURES, windows).items()
        for window, figure in zip(windows, of_all, strict=True)
    )
    write(f"figures that differ from the floor's       {differing:>8}   (none may)")
    return not differing


def _read(write: Write, windows: Sequence[Window], found: Reading) -> bool:
    there = _rows_of_the_day(windows)
    rows, discarded = found.touched.rows / there, found.touched.discarded / found.touched.rows
    write(f"floor as of the cut-off                    {found.floor * 1000:>8.0f} ms")
    write(f"floor of what is there now                 {found.live * 1000:>8.0f} ms")
    write(_against("reading the figures", found.figures, found.floor, "the floor as of the cut-off", 1.3))
    write(_against("", found.figures, found.live, "the floor of now", 8))
    write(_against("reading them with evidence", found.whole, found.floor, "the floor as of the cut-off"))
    write(
        f"rows touched                               {found.touched.rows:>8}   {rows:.2f} x the day's and the open ones (at most 1.4)"
    )
    write(f"rows touched in vain                       {found.touched.discarded:>8}   {discarded:.1%} (at most 5 %)")
    return rows <= 1.4 and discarded <= 0.05


def _aged(write: Write, young: Reading, old: Reading) -> bool:
    rows = old.touched.rows / young.touched.rows
    write(f"rows with ten times the closed history     {old.touched.rows:>8}   {rows:.2f} x (at most 1.05)")
    write(_against("time with ten times the closed history", old.figures, young.figures, "that with a tenth", 1.25))
    return rows <= 1.05


def _saved(write: Write, windows: Sequence[Window], reading: float) -> bool:
    """Writes the cards of the day and takes them back."""
    timetable = Timetable.of_teams(None, first=DAY, until=DAY)
    cards = days.score(windows, timetable)
    lines, whole = [], []
    for _turn in range(REPETITIONS):
        with transaction.atomic(), connection.cursor() as cursor:
            clock = stopwatch()
            started = clock()
            ids = card_rows.insert_cards(cards)
            new = [(ids[card.window.person_id, card.window.day], card) for card in cards]
            card_rows.insert_snapshots(cards)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            lines.append(_timed(partial(_save_lines, new)))
            whole.append(clock() - started)
            transaction.set_rollback(True)
        with connection.cursor() as cursor:  # what was taken back would lie in the way of the next turn
            cursor.execute(
                "VACUUM discipline_scorecard, discipline_snapshot, discipline_scoreline, discipline_ledgerentry"
            )
    write(_against("saving lines, evidence and postings", median(lines), reading, "the reading", 0.7))
    write(_against("saving all of a card", median(whole), reading, "the reading"))
    return True


def _save_lines(cards: Sequence[tuple[int, days.Card]]) -> None:
    card_rows.insert_lines(cards)
    card_rows.post(cards)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _closed(write: Write, company: Company) -> bool:
    """Closes a week for good, its Monday for one team only, and looks at statements, cards and memory."""
    team_ids, counts, sizes, seconds = [team.pk for team in company.teams], [], [], []
    for n, day in enumerate(DAY - timedelta(days=back) for back in (8, 7, 6, 5, 4)):
        closing = partial(days.close_due, team_ids=team_ids[:1] if n == 0 else team_ids, day=day, at=_over_at(day))
        connection.queries_log.clear()
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            closing()
        seconds.append(time.perf_counter() - started)
        counts.append(sum(one["sql"] not in ("BEGIN", "COMMIT") for one in captured))
        del captured
        connection.queries_log.clear()
        gc.collect()
        sizes.append(_resident())
    cards = Scorecard.objects.filter(day=DAY - timedelta(days=4)).count()
    write(f"statements to close a day for one team     {counts[0]:>8}")
    write(
        f"statements to close it for {len(team_ids):<4} teams      {max(counts[1:]):>8}   (at most {MOST_STATEMENTS})"
    )
    write(
        f"closing it, whole                          {median(seconds[2:]) * 1000:>8.0f} ms on the clock for {cards} cards"
    )
    write(f"memory after one, two and three closings   {sizes[1]:>8} {sizes[2]} {sizes[3]} MB")
    return max(counts) <= MOST_STATEMENTS and counts[0] == counts[1] and cards == company.size.people


def _back(write: Write) -> bool:
    """Reads a quarter's workdays of some people one by one and in one go."""
    workdays = [day for n in range(2 * BACK) if (day := DAY - timedelta(days=n)).isoweekday() < 6][:BACK]
    timetable = Timetable.of_teams(None, first=workdays[-1], until=DAY)
    people = set(timetable.people[:PEOPLE_BACK])
    of_days = [[w for w in timetable.windows(day) if w.person_id in people] for day in workdays]
    of_people = sorted((w for one in of_days for w in one), key=lambda w: (w.person_id, w.day))
    parts = [of_people[first : first + days.AT_ONCE] for first in range(0, len(of_people), days.AT_ONCE)]
    together = _timed(lambda: [measure(ALONE, part) for part in parts])
    with_evidence = _timed(lambda: [measure(FIGURES, part) for part in parts])
    singly = sum(_timed(partial(measure, ALONE, one)) for one in of_days)
    singly_whole = sum(_timed(partial(measure, FIGURES, one)) for one in of_days)
    found: dict[tuple[str, int, date], Measure] = {}
    for part in parts:
        for key, of_all in measure(FIGURES, part).items():
            found |= {(key, window.person_id, window.day): figure for window, figure in zip(part, of_all, strict=True)}
    differing = sum(
        found[key, window.person_id, window.day] != figure
        for one in of_days[::SAMPLED]
        for key, of_all in measure(FIGURES, one).items()
        for window, figure in zip(one, of_all, strict=True)
    )
    write(_against(f"{BACK} days back, figures", together, singly, f"{BACK} single days", 0.25))
    write(_against(f"{BACK} days back, with evidence", with_evidence, singly_whole, f"{BACK} single days"))
    write(f"figures and evidence that differ then      {differing:>8}   (none may, on every {SAMPLED}th day)")
    return not differing


def _rows_of_the_day(windows: Sequence[Window]) -> int:
    """The rows that nobody can do without: versions of what was entered in the day, deals closed in it, and what was open."""
    one = windows[0]
    values = {"opens": one.opens, "cut_off": one.cut_off, "horizon": one.horizon}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM crm_activity_timeline WHERE recorded_at > %(opens)s AND recorded_at <= %(horizon)s)
                + (SELECT count(*) FROM crm_company_timeline WHERE recorded_at > %(opens)s AND recorded_at <= %(cut_off)s)
                + (SELECT count(*) FROM crm_deal_timeline WHERE closed_at > %(opens)s AND closed_at <= %(cut_off)s)
                + (SELECT count(*) FROM crm_dealperiod WHERE to_at > %(cut_off)s AND from_at <= %(cut_off)s)
                + (SELECT count(*) FROM crm_taskperiod WHERE to_at > %(opens)s AND from_at <= %(cut_off)s)
            """,
            values,
        )
        return int(cursor.fetchone()[0])


def _against(what: str, seconds: float, floor: float, whose: str, most: float = 0) -> str:
    bound = f" (at most {most:g})" if most else ""
    return f"{what:<43}{seconds * 1000:>8.0f} ms   {seconds / floor:.2f} x {whose}{bound}"


def _timed(work: Callable[[], object]) -> float:
    """Seconds of processor time that some work took, here and in the database."""
    clock = stopwatch()
    started = clock()
    work()
    return clock() - started


def _over_at(day: date) -> datetime:
    return Timetable.of_teams(None, first=day, until=day).windows(day)[0].horizon


def _resident() -> int:
    """This process's memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
