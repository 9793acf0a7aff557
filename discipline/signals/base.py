"""What a signal is: one SQL statement over a team's scored days, and a question that a head may ask about each finding.

A signal never says that somebody cheats. It shows a pattern with its figures and records, and asks. Its SQL may read the team's
scored days as `days` (user_id, card_id, day, opens, cut_off) and the parameters `teams`, `first`, `last`; it gives rows of

    user_id  the person
    numbers  a JSON object of figures for the words
    records  a JSON array of evidence rows `[type, id, role, reason, value, at]`
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.functional import Promise

from accounts.models import Team

MOST = 30
"""So many findings of one kind are shown; the rest says the same."""
DAYS = """
WITH days AS MATERIALIZED (
    SELECT user_id, id AS card_id, day, window_from AS opens, cut_off
    FROM discipline_scorecard WHERE team_id = ANY(%(teams)s) AND day BETWEEN %(first)s AND %(last)s
),
"""


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A pattern worth a question. `asks` makes the question from a finding's figures."""

    key: str
    label: str | Promise
    icon: str
    asks: Callable[[dict[str, Any]], str]
    found: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """One finding as read: whose, with which figures and records."""

    signal: Signal
    user_id: int
    numbers: dict[str, Any]
    records: list[list[Any]]

    @property
    def question(self) -> str:
        return self.signal.asks(self.numbers)


def run(signal: Signal, team: Team, first: date, last: date) -> list[Found]:
    """The findings of a signal in a team's days from `first` to `last`: one statement."""
    return run_all([signal], [team.pk], first, last)


def run_all(signals: Sequence[Signal], teams: Sequence[int], first: date, last: date) -> list[Found]:
    """The findings of several signals in the days of some teams taken together, in the order of the signals: one statement."""
    parts = [
        f"SELECT {n}, found.* FROM ({DAYS}{signal.found} LIMIT {MOST}) AS found (user_id, numbers, records)"
        for n, signal in enumerate(signals)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"teams": list(teams), "first": first, "last": last})
        return [
            Found(signal=signals[n], user_id=user_id, numbers=json.loads(numbers), records=json.loads(records))
            for n, user_id, numbers, records in sorted(cursor.fetchall(), key=lambda row: row[0])
        ]


def record(kind: str, pk: str, reason: str, at: str, value: str = "NULL") -> str:
    """SQL of one evidence row: `kind` and `reason` are words, the rest are expressions."""
    return f"jsonb_build_array('{kind}', {pk}, 'excluded', '{reason}', {value}, {at})"
