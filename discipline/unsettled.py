"""Points that no settlement has taken yet, with the team and the pay rule that they would be settled by. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from discipline.models import PayRule
from discipline.settling import Worked, money_for

MOVED = "CASE 'person:' || e.user_id WHEN e.credit THEN e.points WHEN e.debit THEN -e.points ELSE 0 END"
"""What a ledger entry `e` means for its person."""

HOME = """
SELECT DISTINCT ON (user_id) user_id, team_id FROM discipline_assignment
WHERE starts_on <= %(day)s AND (%(people)s::bigint[] IS NULL OR user_id = ANY(%(people)s)) ORDER BY user_id, starts_on DESC
"""
"""Each person's team on a day; of somebody who is no longer assigned, the last one. A settlement pays him there."""

STANDINGS = f"""
WITH home AS ({HOME})
SELECT home.user_id, home.team_id, COALESCE(p.points, 0), r.id, r.currency, r.rate_minor, r.pool_minor, r.cap_percent, r.negative
FROM home
LEFT JOIN LATERAL (
    SELECT sum({MOVED}) AS points FROM discipline_ledgerentry e
    WHERE e.user_id = home.user_id AND (%(until)s::timestamptz IS NULL OR e.posted_at <= %(until)s) AND (NOT %(free)s OR (
        e.kind <> 'settlement' AND NOT EXISTS (SELECT FROM discipline_settledentry s WHERE s.entry_id = e.id)
    ))
) p ON true
LEFT JOIN LATERAL (
    SELECT * FROM discipline_payrule x WHERE (x.team_id = home.team_id OR x.team_id IS NULL) AND x.starts_on <= %(day)s
        AND (%(until)s::timestamptz IS NULL OR x.recorded_at <= %(until)s)
    ORDER BY x.team_id IS NULL, x.starts_on DESC, x.id DESC LIMIT 1
) r ON true
ORDER BY home.user_id
"""  # noqa: S608 - our own pieces, values always as parameters


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A person's open points, his team, and the rule in force there; None while nobody has set one."""

    user_id: int
    team_id: int
    points: int
    rule: PayRule | None

    @property
    def worked(self) -> Worked | None:
        """What the points come to today."""
        return money_for(self.points, self.rule) if self.rule else None


def standings(
    *, day: date, people: Sequence[int] | None = None, free: bool = True, until: datetime | None = None
) -> list[Standing]:
    """Where people (None: everybody who was ever assigned) stand on a day, or by what was recorded `until` then: one statement.

    `free` leaves out what a settlement has taken already, be it a draft; without it only what was approved is left out.
    """
    asked = {"day": day, "people": None if people is None else list(people), "free": free, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS, asked)
        return [
            Standing(user_id=user_id, team_id=team_id, points=int(points), rule=_rule(team_id, *rule))
            for user_id, team_id, points, *rule in cursor.fetchall()
        ]


def spendable(user_id: int) -> int:
    """The points of a person that no settlement has taken, not even a draft: what a reward may be taken for."""
    statement = f"""
        SELECT COALESCE(sum({MOVED}), 0) FROM discipline_ledgerentry e
        WHERE e.user_id = %s AND e.kind <> 'settlement'
          AND NOT EXISTS (SELECT FROM discipline_settledentry s WHERE s.entry_id = e.id)
    """  # noqa: S608 - our own pieces, the value as a parameter
    with connection.cursor() as cursor:
        cursor.execute(statement, [user_id])
        return int(cursor.fetchone()[0])


def _rule(
    team_id: int, pk: int | None, currency: str, rate: int, pool: int, cap_percent: int, negative: str
) -> PayRule | None:
    if pk is None:
        return None
    return PayRule(
        pk=pk,
        team_id=team_id,
        currency=currency,
        rate_minor=rate,
        pool_minor=pool,
        cap_percent=cap_percent,
        negative=negative,
    )
