"""Clients that the files name and that cannot be found in the CRM afterwards. There must be none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from migrations_data.models import Import, ImportSheet, Outcome, Status
from migrations_data.reconciling import named
from migrations_data.reconciling.finding import by_text, living

MOST = 1000
"""So many are listed; none is still none, and some are still some."""


@dataclass(frozen=True)
class Missing:
    """A client as the file calls him, where he first stands, and whether a row about him waits for a decision."""

    noun: str
    name: str
    sheet: int
    row: int
    asked: bool


def missing(of: Import, sheets: Sequence[ImportSheet]) -> list[Missing]:
    """Those of a run that is through. What the coordinator left out consciously is not asked for.

    A client is there when a row that names him became a record of his, or when a client is called so or has that key. A fixed number of
    statements, whatever the rows.
    """
    ways = named.ways(sheets) if of.status == Status.DONE else []
    if not ways:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{UNSETTLED[0]}{named.lines(ways)}{UNSETTLED[1]}", [named.NOTHING])
        rows = cursor.fetchall()
    found: list[Missing] = []
    for noun in ("company", "contact"):
        open_ = [row for row in rows if row[0] == noun]
        gone = living(noun, {row[4] for row in open_ if row[4] is not None})
        open_ = [row for row in open_ if row[4] not in gone]
        there = by_text(of, noun, {text for row in open_ for text in (row[1], row[2]) if text})
        found += [
            Missing(noun, said, sheet, number, asked)
            for _noun, said, alias, (sheet, number), _client, asked in open_
            if said not in there and not (alias and alias in there)
        ]
    return sorted(found, key=lambda one: (one.sheet, one.row))[:MOST]


UNSETTLED = (
    "WITH said AS (",
    f"""
)
SELECT said.noun, min(said.said), max(said.alias), min(ARRAY[said.sheet, said.number]), max(said.client), bool_or(said.outcome = '{Outcome.ASKED}')
FROM said
LEFT JOIN crm_company company ON said.noun = 'company' AND company.id = said.client AND company.deleted_at IS NULL
LEFT JOIN crm_contact contact ON said.noun = 'contact' AND contact.id = said.client AND contact.deleted_at IS NULL
WHERE said.outcome <> '{Outcome.LEFT_OUT}' AND lower(said.said) <> ALL (%s)
GROUP BY said.noun, lower(said.said)
HAVING count(company.id) + count(contact.id) = 0
""",
)
