"""What a statement touches, from the database's own account of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Touched:
    """Rows that scans of tables gave or looked at in vain, how many of these in vain, and pages."""

    rows: int
    discarded: int
    pages: int


def touched(statement: str, parameters: dict[str, Any]) -> Touched:
    """Run a statement and count; rows of intermediate results are not rows of tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}", parameters)
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    scans = list(_scans(plan))
    discarded = sum(round(_of_all(scan, name)) for scan in scans for name in _IN_VAIN)
    given = sum(round(_of_all(scan, "Actual Rows")) for scan in scans)
    return Touched(given + discarded, discarded, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


_IN_VAIN = ("Rows Removed by Filter", "Rows Removed by Index Recheck")


def _of_all(scan: dict[str, Any], name: str) -> float:
    """A figure of one scan, which is told as the average of its loops."""
    return float(scan.get(name, 0)) * float(scan["Actual Loops"])


def _scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Relation Name" in plan:
        yield plan
    for below in plan.get("Plans", []):
        yield from _scans(below)
