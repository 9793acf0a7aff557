"""The figures of the screens in a company full of records: what a reading costs, and the pages that show one.

Counts decide whether it passes: they hold on any machine. `SIZE=M` fills 300,000 deals and 2.4 million activities.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.figures_rows import build
from bench.pages import PLAIN
from bench.workplace import SHELL, Page, asked_of, buffers_of, seconds_of, written_of
from config.scratch import scratch_database
from reports.behind import link
from reports.figures import FIGURES
from reports.figures.sums import measured
from reports.models import Reading
from reports.moments import Span, company_zone
from reports.services import readings
from reports.shown import Shown

Write = Callable[[str], object]
MOST_TIMES = 2.5
SLOW = 5


def run(write: Write, size: str = "") -> bool:
    """Print what a reading takes and a line a page; False when a count is out of bounds."""
    name = size or os.environ.get("SIZE", "S")
    with override_settings(STORAGES=PLAIN), scratch_database():
        began = time.monotonic()
        owner, head = build(name)
        write(f"size {name}: filled in {time.monotonic() - began:.0f} s")
        reading = _readings(write)
        passed = [_shown(write, owner), *(_page(write, page) for page in _pages(owner, head, reading))]
    return all(passed)


def _readings(write: Write) -> Reading:
    """A whole reading, one that carries over what is heavy, and the slowest figures of it."""
    spent = []
    for _whole in (True, False):
        began = time.monotonic()
        reading = readings.read(at=timezone.now())
        spent.append(time.monotonic() - began)
    if reading is None:
        raise RuntimeError("another reading is on its way")
    write(f"a whole reading {spent[0]:.1f} s, one that carries over {spent[1]:.1f} s, {len(FIGURES)} figures")
    taken = sorted(((_seconds(key), key) for key in FIGURES), reverse=True)
    write("slowest: " + ", ".join(f"{key} {seconds:.1f} s" for seconds, key in taken[:SLOW]))
    return reading


def _seconds(key: str) -> float:
    began = time.monotonic()
    for _row in measured([FIGURES[key]], Span(timezone.now(), company_zone())):
        pass
    return time.monotonic() - began


def _shown(write: Write, owner: User) -> bool:
    with CaptureQueriesContext(connection) as captured:
        Shown.of(owner, people=False)
    buffers = sum(buffers_of(query["sql"]) for query in captured.captured_queries)
    write(f"what an owner is shown: {len(captured)} statements (bound 2), {buffers} buffers")
    return len(captured) <= 2


def _pages(owner: User, head: User, reading: Reading) -> Iterator[Page]:
    yield Page("owner's screen", owner, reverse("reports:company"), 6, 1000)
    yield Page("head's morning", head, reverse("reports:morning"), 6)
    yield Page("behind, everybody's", owner, link("deals_late", at=reading.moment), 2)
    yield Page("behind, a team's", head, link("overdue", at=reading.moment), 2)


def _page(write: Write, page: Page) -> bool:
    asked = asked_of(page.user, page.address)
    statements, buffers = len(asked) - SHELL, sum(buffers_of(sql) for sql in asked)
    fits = statements <= page.statements and (not page.buffers or buffers <= page.buffers)
    client = Client(SERVER_NAME="localhost")
    client.force_login(page.user)
    sqls = [sql.replace("%", "%%") for sql in asked]
    whole, floor = seconds_of(lambda: client.get(page.address)), seconds_of(lambda: written_of(sqls))
    write(
        f"{page.name:<22}{statements:>3} statements (bound {page.statements}), {buffers:>8,} buffers (bound {page.buffers or '-'}), "
        f"{whole * 1000:.0f} ms, by hand {floor * 1000:.0f} ms: {whole / floor:.1f} x (bound {MOST_TIMES})"
        f"{'' if fits else '   OUT OF BOUNDS'}"
    )
    return fits
