"""The rows that a closing leaves: cards, snapshots, lines with their evidence, postings. One statement each, however many people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from discipline.arrays import array
from discipline.metrics import METRICS
from discipline.models import EntryKind
from discipline.services import ledger
from discipline.services.bulk import copy, insert
from discipline.sql import DAY_SHEETS

if TYPE_CHECKING:
    from discipline.services.days import Card

CARD = {
    "user_id": "bigint", "team_id": "bigint", "day": "date", "version_id": "bigint", "mode": "text", "zone": "text",
    "window_from": "timestamptz", "cut_off": "timestamptz", "horizon": "timestamptz", "scheduled": "smallint",
    "absent": "smallint", "ramp": "smallint", "signed": "boolean", "points": "int", "posted": "int", "inputs_hash": "text",
}  # fmt: skip
SNAPSHOT = {
    "user_id": "bigint", "day": "date", "metric": "text", "metric_version": "smallint", "parameters": "text", "value": "numeric",
}  # fmt: skip
LINE = (
    "card_id", "rule_id", "code", "metric", "metric_version", "value", "comparison", "threshold", "result", "reason", "points",
    "opens", "position", "evidence",
)  # fmt: skip
SUMS = """
INSERT INTO discipline_teamday (team_id, day, cards, points, met, missed)
SELECT d.team_id, d.day, count(c.id), COALESCE(sum(c.points), 0), COALESCE(sum(l.met), 0), COALESCE(sum(l.missed), 0)
FROM unnest(%s::bigint[], %s::date[]) AS d (team_id, day)
LEFT JOIN discipline_scorecard c ON c.team_id = d.team_id AND c.day = d.day
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE result = 'met') AS met, count(*) FILTER (WHERE result = 'missed') AS missed
    FROM discipline_scoreline WHERE card_id = c.id
) AS l ON true
GROUP BY d.team_id, d.day
ON CONFLICT DO NOTHING
"""


def insert_cards(cards: Sequence[Card]) -> dict[tuple[int, date], int]:
    """The new cards' ids by person and day; who has a card already is passed over."""
    rows = [
        (
            card.window.person_id, card.window.team_id, card.window.day, card.version.pk, card.window.mode, card.window.zone,
            card.window.opens, card.window.cut_off, card.window.horizon, card.window.scheduled, card.window.absent,
            card.window.ramp, card.signed, card.points, card.posted, card.fingerprint,
        )
        for card in sorted(cards, key=lambda card: (card.window.day, card.window.person_id))
    ]  # fmt: skip
    written = insert("discipline_scorecard", CARD, rows, returning="user_id, day, id")
    return {(user_id, day): pk for user_id, day, pk in written}


def insert_snapshots(cards: Sequence[Card]) -> None:
    """Every figure of a card, scored or not."""
    rows = [
        (card.window.person_id, card.window.day, metric, METRICS[metric].version, key[len(metric) :], figure.value)
        for card in cards
        for key, figure in card.figures.items()
        for metric in [key.partition("{")[0]]
    ]
    insert("discipline_snapshot", SNAPSHOT, rows)


def insert_lines(cards: Sequence[tuple[int, Card]]) -> None:
    """The lines of cards that were written just now, by the card's id; the evidence goes back as the text in which it came."""
    rows = [
        (
            pk, line.rule.pk, line.rule.code, line.rule.metric, METRICS[line.rule.metric].version, line.value,
            line.rule.comparison, line.threshold, line.result, line.reason, line.points, line.asked.opens, position,
            line.measure.records,
        )
        for pk, card in cards
        for position, line in enumerate(card.lines)
    ]  # fmt: skip
    copy("discipline_scoreline", LINE, rows)


def insert_sheets(card_ids: Sequence[int]) -> None:
    """One short row for each card whose lines were written just now."""
    if card_ids:
        with connection.cursor() as cursor:
            cursor.execute(DAY_SHEETS.format(which="= ANY(%s)"), [list(card_ids)])


def post(cards: Sequence[tuple[int, Card]]) -> None:
    """Move the points that count: from the company to the person, or back. Nothing moves for nothing."""
    ledger.post(
        entries=[
            ledger.posting(
                key=f"card:{card.window.person_id}:{card.window.day.isoformat()}",
                kind=EntryKind.CARD,
                user_id=card.window.person_id,
                card_id=pk,
                day=card.window.day,
                points=card.posted,
            )
            for pk, card in cards
        ]
    )


def sum_up(team_days: Sequence[tuple[int, date]]) -> None:
    """Write down that days of teams are closed for everybody, with their sums; a free day has zeros."""
    if not team_days:
        return
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [array(column) for column in zip(*team_days, strict=True)])
