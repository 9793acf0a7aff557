"""Clients that the files name and that cannot be found in the CRM afterwards. There must be none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from migrations_data.models import Import, ImportSheet, Outcome, Status
from migrations_data.reconciling import named
from migrations_data.reconciling.finding import by_text, living

NOUNS = ("company", "contact")
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

    A client is there when a row that names him became a record of his, or when a client is called so or has that key. The key in
    his own row is no proof: it may be somebody else's. A fixed number of statements, whatever the rows.
    """
    ways = named.ways(sheets) if of.status == Status.DONE else []
    if not ways:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{UNSETTLED[0]}{named.lines(ways)}{UNSETTLED[1]}", [named.NOTHING])
        rows = cursor.fetchall()
    gone = {
        noun: living(noun, {pk for row in rows if (pk := row[3 + at]) is not None}) for at, noun in enumerate(NOUNS)
    }
    open_ = [row for row in rows if row[3] not in gone["company"] and row[4] not in gone["contact"]]
    found: list[Missing] = []
    for noun in NOUNS:
        there = _there(of, noun, {row[1] for row in open_ if row[0] == noun})
        found += [
            Missing(noun, said, sheet, number, asked)
            for which, said, (sheet, number), _company, _contact, asked in open_
            if which == noun and said not in there
        ]
    return sorted(found, key=lambda one: (one.sheet, one.row))[:MOST]


def _there(of: Import, noun: str, texts: set[str]) -> set[str]:
    """Those of some texts that a client is called by, or has as a key. A person may stand where a company should."""
    found = set(by_text(of, noun, texts))
    return found | set(by_text(of, "contact", texts - found)) if noun == "company" else found


UNSETTLED = (
    "WITH said AS (",
    f"""
)
SELECT said.noun, min(said.said), min(ARRAY[said.sheet, said.number]), max(said.company), max(said.contact),
    bool_or(said.outcome = '{Outcome.ASKED}')
FROM said
LEFT JOIN crm_company company ON company.id = said.company AND company.deleted_at IS NULL
LEFT JOIN crm_contact contact ON contact.id = said.contact AND contact.deleted_at IS NULL
WHERE said.outcome <> '{Outcome.LEFT_OUT}' AND lower(said.said) <> ALL (%s)
GROUP BY said.noun, lower(said.said)
HAVING count(company.id) + count(contact.id) = 0
""",
)
