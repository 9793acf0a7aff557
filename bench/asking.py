"""Reports without code in a company full of records: what an answer takes, against the same sums written by hand.

Counts decide whether it passes: they hold on any machine. `SIZE=M` fills 300,000 deals and 2.4 million activities.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bench.figures_rows import build
from bench.workplace import seconds_of
from config.scratch import scratch_database
from reports.builder import Definition, answer, behind

Write = Callable[[str], object]
MOST_STATEMENTS = 2
MONTH = "date_trunc('month', d.opened_at AT TIME ZONE 'Europe/Warsaw')::date"


@dataclass(frozen=True)
class Asked:
    """A report, and the statement that somebody would write for its finest cells."""

    name: str
    definition: Definition
    by_hand: str


def asked() -> list[Asked]:
    every = {"kind": "all"}
    return [
        Asked(
            "sums by owner and month",
            Definition.of({"figure": "amount_sum", "rows": ["owner"], "columns": ["month"], "period": every}),
            f"SELECT owner_id, {MONTH}, currency, count(*), sum(amount_minor) FROM crm_deal d "
            "WHERE deleted_at IS NULL GROUP BY 1, 2, 3",
        ),
        Asked(
            "share won by team and stage",
            Definition.of({"figure": "won_rate", "rows": ["team"], "columns": ["stage"], "period": every}),
            "SELECT m.team_id, stage_id, avg((status = 'won')::int) FROM crm_deal d LEFT JOIN accounts_membership m ON m.user_id = "
            "d.owner_id WHERE deleted_at IS NULL AND status <> 'open' GROUP BY 1, 2",
        ),
        Asked(
            "deals by client's city",
            Definition.of({"rows": ["client_city"], "period": every, "sort": "-figure", "limit": 20}),
            "SELECT c.city, count(*) FROM crm_deal d LEFT JOIN crm_company c ON c.id = d.company_id WHERE d.deleted_at IS NULL GROUP BY 1",
        ),
        Asked(
            "activities by person and week, compared",
            Definition.of(
                {
                    "source": "activities", "rows": ["performed_by", "kind"], "columns": ["week"], "compare": "previous",
                    "period": {"kind": "last_90_days"},
                }
            ),
            "SELECT performed_by_id, kind, date_trunc('week', occurred_at AT TIME ZONE 'Europe/Warsaw')::date, count(*) FROM crm_activity "
            "WHERE deleted_at IS NULL AND occurred_at >= now() - interval '180 days' GROUP BY 1, 2, 3",
        ),
    ]  # fmt: skip


def run(write: Write, size: str = "") -> bool:
    """Print a line for each report as its owner and a head ask for it; False when one takes more statements than it may."""
    name = size or os.environ.get("SIZE", "S")
    with scratch_database():
        began = time.monotonic()
        owner, head = build(name)
        write(f"size {name}: filled in {time.monotonic() - began:.0f} s")
        passed = [_measure(write, one, reader) for one in asked() for reader in (owner, head)]
    return all(passed)


def _measure(write: Write, one: Asked, reader: User) -> bool:
    now = timezone.now()
    answer(one.definition, reader, now)  # what is kept for a minute has been asked for
    with CaptureQueriesContext(connection) as captured:
        found = answer(one.definition, reader, now)
    whole = seconds_of(lambda: answer(one.definition, reader, now))
    floor = seconds_of(lambda: _by_hand(one.by_hand))
    place = found.cell(found.rows[0].path).place if found.rows else found.total.place
    opened = seconds_of(lambda: behind(one.definition, place, reader, now).rows)
    fits = len(captured) <= MOST_STATEMENTS
    write(
        f"{one.name:<42}{reader.role:<8}{len(captured)} statements (bound {MOST_STATEMENTS}), {len(found.cells):>6,} cells, "
        f"{whole * 1000:.0f} ms; everybody's finest cells by hand {floor * 1000:.0f} ms; a cell opened {opened * 1000:.0f} ms"
        f"{'' if fits else '   OUT OF BOUNDS'}"
    )
    return fits


def _by_hand(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()
