"""The search for duplicates in the background: it takes up where it ended, compares what changed since, and may be stopped anywhere."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from crm.merging import finding
from crm.merging.relations import MODELS
from crm.models import DuplicatePair, DuplicateSearch, PairStatus

BATCH = 2_000
LONGEST = 240.0
"""Seconds. What is left over then waits for the next run."""

# What others are still writing bears a stamp after the beginning of their transaction: it waits until they have finished.
HORIZON = """
SELECT LEAST(min(xact_start), daybook_now()) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""
CHANGED = """
SELECT id, changed_at, deleted_at IS NULL FROM {table}
WHERE (changed_at, id) > (%(changed_at)s, %(record)s) AND changed_at <= %(horizon)s
ORDER BY changed_at, id LIMIT %(batch)s
"""
UPSERT = """
INSERT INTO crm_duplicatepair (noun, first, second, reasons, score, status, found_at)
SELECT %(noun)s, p.first, p.second, p.reasons, p.score, 'open', %(at)s
FROM jsonb_to_recordset(%(pairs)s::jsonb) AS p (first bigint, second bigint, reasons varchar[], score smallint)
ORDER BY p.first, p.second
ON CONFLICT (noun, first, second) DO UPDATE SET reasons = EXCLUDED.reasons, score = EXCLUDED.score
WHERE crm_duplicatepair.status = 'open'
    AND (crm_duplicatepair.reasons, crm_duplicatepair.score) IS DISTINCT FROM (EXCLUDED.reasons, EXCLUDED.score)
"""
EVER = "-infinity"


def run(*, at: datetime, longest: float = LONGEST) -> int:
    """Compare all clients that changed since the last run with all others; how many were compared. Runs again without harm."""
    ends = time.monotonic() + longest
    compared = 0
    for noun in MODELS:
        DuplicateSearch.objects.get_or_create(noun=noun)
        while time.monotonic() < ends and (some := step(noun=noun, at=at)):
            compared += some
    return compared


@transaction.atomic
def step(*, noun: str, at: datetime) -> int:
    """Compare the next clients; how many. Another run that is at it already is left to it."""
    place = DuplicateSearch.objects.select_for_update(skip_locked=True).filter(noun=noun).first()
    if place is None:
        return 0
    rows = _changed(place)
    if not rows:
        return 0
    found = finding.pairs(noun, [pk for pk, _changed_at, lives in rows if lives])
    _keep(noun, found, at)
    _close(noun, [pk for pk, _changed_at, _lives in rows], {(pair.first, pair.second) for pair in found})
    place.record, place.changed_at = rows[-1][:2]
    place.save(update_fields=["changed_at", "record"])
    return len(rows)


def _changed(place: DuplicateSearch) -> list[tuple[int, datetime, bool]]:
    table = MODELS[place.noun]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        given = {
            "changed_at": place.changed_at or EVER,
            "record": place.record,
            "horizon": cursor.fetchone()[0],
            "batch": BATCH,
        }
        cursor.execute(CHANGED.format(table=table), given)
        return cursor.fetchall()


def _keep(noun: str, found: Sequence[finding.Pair], at: datetime) -> None:
    """New pairs are added, open ones kept up to date, decided ones left alone."""
    listed = [{"first": one.first, "second": one.second, "reasons": one.reasons, "score": one.score} for one in found]
    if listed:
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, {"noun": noun, "at": at, "pairs": json.dumps(listed)})


def _close(noun: str, asked: Sequence[int], found: set[tuple[int, int]]) -> None:
    """Pairs that are open and no longer alike, or of which one is gone, are asked about no more."""
    open_ = DuplicatePair.objects.filter(Q(first__in=asked) | Q(second__in=asked), noun=noun, status=PairStatus.OPEN)
    over = [pk for pk, *pair in open_.values_list("pk", "first", "second") if tuple(pair) not in found]
    DuplicatePair.objects.filter(pk__in=over).delete()
