"""The nightly look back: cards are computed again from history, the ledger's chain is walked. Differences are told, never mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from crm.when import local_day
from discipline.metrics import METRICS
from discipline.models import Finding, LedgerEntry, Scorecard, ScoreLine, Snapshot, Verification
from discipline.services import days, ledger
from discipline.services.days import Card
from discipline.timetable import Timetable

LATEST = 3
"""So many of the last days are computed again each night."""
ROUND = 90
"""Within so many nights each day of the quarter before has its turn."""
AT_ONCE = 2_000
"""So many cards are computed in one go, so that memory stays flat."""


def due(*, now: datetime) -> bool:
    """Whether this night has not been looked at yet."""
    last = Verification.objects.values_list("ran_at", flat=True).first()
    return last is None or local_day(last, "UTC") < local_day(now, "UTC")


def nightly(*, now: datetime) -> Verification:
    """Verify the last days and one older one, whose turn it is."""
    today = local_day(now, "UTC")
    older = today - timedelta(days=LATEST + 1 + today.toordinal() % ROUND)
    return run(now=now, days_back=[*(today - timedelta(days=n) for n in range(LATEST + 1)), older])


@transaction.atomic
def run(*, now: datetime, days_back: Iterable[date]) -> Verification:
    """Compute the cards of these days again and compare; the result with a finding for each card that differs.

    Nothing is overwritten: what differs is for people to explain.
    """
    listed = sorted(set(days_back))
    cards = findings = 0
    made = Verification.objects.create(
        ran_at=now, first=listed[0], last=listed[-1], cards=0, entries=LedgerEntry.objects.count(),
        chain_whole=ledger.verify() is None and not ledger.unbalanced(),
    )  # fmt: skip
    for day in listed:
        stored = Scorecard.objects.filter(day=day).order_by("pk")
        for first in range(0, stored.count(), AT_ONCE):
            some = _as_measured_today(stored[first : first + AT_ONCE], day)
            cards += len(some)
            findings += _compare(made, day, some)
    Verification.objects.filter(pk=made.pk).update(cards=cards)
    made.refresh_from_db()
    return made


def _as_measured_today(cards: Iterable[Scorecard], day: date) -> list[Scorecard]:
    """Those of a day's cards whose figures were all measured by the present versions of the metrics: others cannot be compared."""
    listed = list(cards)
    present = {(metric.key, metric.version) for metric in METRICS.values()}
    people = [card.user_id for card in listed]
    kept = Snapshot.objects.filter(user__in=people, day=day).values_list("user_id", "metric", "metric_version")
    lines = ScoreLine.objects.filter(card__in=listed).values_list("card__user_id", "metric", "metric_version")
    older = {user_id for user_id, *measured in kept.union(lines) if tuple(measured) not in present}
    return [card for card in listed if card.user_id not in older]


def _compare(verification: Verification, day: date, stored: Sequence[Scorecard]) -> int:
    """How many of these cards of a day come out differently now."""
    again = computed({card.user_id for card in stored}, day)
    differing = [
        Finding(
            verification=verification,
            card=card,
            stored_hash=card.inputs_hash,
            found_hash=found.fingerprint if (found := again.get(card.user_id)) else "",
            differences=_differences(card, found),
        )
        for card in stored
        if card.user_id not in again or again[card.user_id].fingerprint != card.inputs_hash
    ]
    Finding.objects.bulk_create(differing)
    return len(differing)


def computed(people: Iterable[int], day: date) -> dict[int, Card]:
    """The cards of some people's day as history gives them now, by person."""
    timetable = Timetable.of_people(people, first=day, until=day)
    windows = [window for window in timetable.windows(day) if window.scored]
    return {card.window.person_id: card for card in days.score(windows, timetable)}


def _differences(card: Scorecard, found: Card | None) -> list[dict[str, Any]]:
    """What differs, line by line: the rule, what was stored and what was found."""
    if found is None:
        return [{"code": "", "stored": str(card.points), "found": ""}]
    now = {line.rule.code: (str(line.value), line.result, line.points) for line in found.lines}
    then = {line.code: (str(line.value), line.result, line.points) for line in card.lines.all()}
    return [
        {"code": code, "stored": list(then.get(code, ())), "found": list(now.get(code, ()))}
        for code in sorted({*now, *then})
        if now.get(code) != then.get(code)
    ]
