"""The ledger of points: every move goes from one account to another, is posted once and stays for ever.

The database writes the chain of hashes and refuses any change. What is posted here is read back by `verify`, which walks the
whole chain in one statement, and its head is kept every day outside of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from accounts.models import User
from discipline.models import LedgerEntry, LedgerHead
from discipline.services.bulk import insert

COMPANY = "company"
PAID = "paid"
REWARDS = "rewards"

COLUMNS = {
    "key": "text", "kind": "text", "user_id": "bigint", "card_id": "bigint", "adjustment_id": "bigint", "claim_id": "bigint",
    "settlement_id": "bigint", "day": "date", "debit": "text", "credit": "text", "points": "int",
}  # fmt: skip
BALANCES = """
SELECT user_id, sum(CASE 'person:' || user_id WHEN credit THEN points WHEN debit THEN -points ELSE 0 END)
FROM discipline_ledgerentry WHERE user_id = ANY(%s) GROUP BY user_id"""
BROKEN = """
WITH chain AS MATERIALIZED (
    SELECT e.id, e.hash, e.previous_hash, lag(e.hash, 1, '') OVER (ORDER BY e.id) AS before, row_number() OVER (ORDER BY e.id) AS n,
        discipline_ledger_hash(e) AS found
    FROM discipline_ledgerentry e
)
SELECT min(id) FROM (
    SELECT id FROM chain WHERE previous_hash <> before OR hash <> found
    UNION ALL
    SELECT h.entry_id FROM discipline_ledgerhead h LEFT JOIN chain c ON c.id = h.entry_id
    WHERE h.entry_id IS NOT NULL AND (c.hash IS DISTINCT FROM h.hash OR c.n <> h.entries)
) AS broken"""
UNBALANCED = """
WITH moved AS (
    SELECT card_id, adjustment_id, kind, sum(CASE 'person:' || user_id WHEN credit THEN points ELSE -points END) AS points
    FROM discipline_ledgerentry WHERE kind IN ('card', 'adjustment') GROUP BY card_id, adjustment_id, kind
)
SELECT 'card', c.id FROM discipline_scorecard c LEFT JOIN moved m ON m.card_id = c.id AND m.kind = 'card'
WHERE c.posted <> COALESCE(m.points, 0)
UNION ALL
SELECT 'adjustment', a.id FROM discipline_adjustment a LEFT JOIN moved m ON m.adjustment_id = a.id AND m.kind = 'adjustment'
WHERE COALESCE(m.points, 0) <> CASE WHEN a.status = 'approved' THEN a.delta ELSE 0 END
ORDER BY 1, 2"""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """Points on their way into the ledger; `key` makes them move once."""

    key: str
    kind: str
    user_id: int
    day: date
    debit: str
    credit: str
    points: int
    card_id: int | None = None
    adjustment_id: int | None = None
    claim_id: int | None = None
    settlement_id: int | None = None


class Head(NamedTuple):
    """The last entry of the ledger, how many there are up to it, and its hash; None, 0 and "" while there is none."""

    entry_id: int | None
    entries: int
    hash: str


def account(user_id: int) -> str:
    """The name of a person's account."""
    return f"person:{user_id}"


def posting(
    *,
    key: str,
    kind: str,
    user_id: int,
    day: date,
    points: int,
    against: str = COMPANY,
    card_id: int | None = None,
    adjustment_id: int | None = None,
    claim_id: int | None = None,
    settlement_id: int | None = None,
) -> Posting:
    """Points given to a person (above zero) or taken from him (below), with the account they come from or go to."""
    person = account(user_id)
    debit, credit = (against, person) if points > 0 else (person, against)
    return Posting(
        key=key,
        kind=kind,
        user_id=user_id,
        day=day,
        debit=debit,
        credit=credit,
        points=abs(points),
        card_id=card_id,
        adjustment_id=adjustment_id,
        claim_id=claim_id,
        settlement_id=settlement_id,
    )


def post(*, entries: Iterable[Posting]) -> int:
    """Write entries in one statement, in their order; those that are there already, and those of no points, are passed over.

    Gives how many were new.
    """
    rows = [tuple(getattr(entry, name) for name in COLUMNS) for entry in entries if entry.points]
    return len(insert("discipline_ledgerentry", COLUMNS, rows, returning="id"))


def balance(user: User) -> int:
    """The points on a person's account."""
    return balances([user.pk])[user.pk]


def balances(users: Sequence[int]) -> dict[int, int]:
    """The points on the accounts of people, by their keys: one statement; who never had any has 0."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, [list(users)])
        found = {user_id: int(points) for user_id, points in cursor.fetchall()}
    return {user_id: found.get(user_id, 0) for user_id in users}


def verify() -> int | None:
    """The key of the first entry that does not fit: its hash, its link to the one before, or a head that was kept. None when the
    chain is whole. One statement over the whole ledger."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN)
        (broken,) = cursor.fetchone()
    return None if broken is None else int(broken)


def unbalanced() -> list[tuple[str, int]]:
    """What the ledger does not say: ("card", key) or ("adjustment", key) whose posted points it does not hold. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(UNBALANCED)
        return [(noun, pk) for noun, pk in cursor.fetchall()]


def head(*, at: datetime | None = None) -> Head:
    """Where the ledger stands, or stood at a moment."""
    entries = LedgerEntry.objects.all() if at is None else LedgerEntry.objects.filter(posted_at__lte=at)
    last = entries.order_by("-pk").values_list("pk", "hash").first()
    if last is None:
        return Head(None, 0, "")
    return Head(last[0], LedgerEntry.objects.filter(pk__lte=last[0]).count(), last[1])


@transaction.atomic
def keep_head(*, day: date, at: datetime) -> LedgerHead:
    """Keep where the ledger stood at `at` as the head of a day; of a day that has one, that one."""
    kept = LedgerHead.objects.filter(day=day).first()
    if kept is not None:
        return kept
    found = head(at=at)
    facts = {"entry_id": found.entry_id, "entries": found.entries, "hash": found.hash}
    return LedgerHead.objects.get_or_create(day=day, defaults=facts)[0]
