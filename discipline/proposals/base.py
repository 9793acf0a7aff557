"""What a cause of a proposal is: one statement that finds cards and the records behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

Row = list[Any]
"""A record as evidence keeps it: type, id, role, reason, value, instant."""

THAT_COUNT = "c.signed AND c.mode IN ('soft', 'live') AND (%(cards)s::bigint[] IS NULL OR c.id = ANY(%(cards)s))"
"""Cards whose points reached the ledger, of all or of some."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a closed day would have come out differently.

    `facts` is SQL that gives a card's key, and type, id, reason, value and instant of a record that became known after the card's
    horizon and after %(since)s. It may narrow itself to %(people)s and %(cards)s, arrays or NULL. `noun` and `table` are what its
    records are, and `changed` the column that moves when one of them is taken back.
    """

    kind: str
    noun: str
    table: str
    changed: str
    facts: str

    def find(
        self,
        *,
        since: datetime,
        now: datetime,
        people: Sequence[int] | None = None,
        cards: Sequence[int] | None = None,
    ) -> dict[int, list[Row]]:
        """The records by the card that they concern: one statement."""
        given = {
            "since": since,
            "now": now,
            "people": None if people is None else list(people),
            "cards": None if cards is None else list(cards),
        }
        found: dict[int, list[Row]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(f"{self.facts} ORDER BY 1, 6, 3", given)
            for card, noun, pk, reason, value, at in cursor.fetchall():
                figure = None if value is None else float(value)
                found[card].append([noun, pk, "counted", reason, figure, at.isoformat()])
        return dict(found)


def taken_back(causes: Sequence[Cause], *, since: datetime) -> set[int]:
    """Cards with a proposal whose record has changed since: a leave cancelled, a deal won again. One statement."""
    parts = [
        f"""SELECT a.card_id FROM discipline_adjustment a CROSS JOIN LATERAL jsonb_array_elements(a.records) AS r
        JOIN {cause.table} t ON t.id = (r ->> 1)::bigint AND t.{cause.changed} > %(since)s
        WHERE a.proposed_by_id IS NULL AND a.kind = '{cause.kind}' AND r ->> 0 = '{cause.noun}'"""  # noqa: S608 - our own names
        for cause in causes
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), {"since": since})
        return {card for (card,) in cursor.fetchall()}
