"""Clients who are in Daybook already and may be those of a chunk of rows: by keys that have an index.

Each statement asks for all rows of a chunk at once and gets a few clients a key; the names next to a row's in the alphabet are
those that differ by a slip further on. What is known of those who remain, and are not deleted, comes with one more statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db import connection
from rapidfuzz import fuzz

from crm import names
from crm.folding import fold
from crm.services.duplicates import SAME_PHONE
from migrations_data.matching.inside import several_names
from migrations_data.matching.likeness import NEAR
from migrations_data.matching.traits import Traits, address

FEW = 5
"""So many clients are looked at for one key."""
ALIKE_START = 3
"""Neighbours in the alphabet that begin differently are no neighbours."""

BLOCK = """
SELECT a.row, a.key, t.id, t.name_key FROM unnest(%(rows)s::bigint[], %(keys)s::text[]) AS a (row, key)
CROSS JOIN LATERAL (SELECT t.id, t.name_key FROM {shared} WHERE {same} AND t.deleted_at IS NULL LIMIT {few}) t
"""
NEXT = """
SELECT a.row, a.key, t.id, t.name_key FROM unnest(%(rows)s::bigint[], %(keys)s::text[]) AS a (row, key)
CROSS JOIN LATERAL (
    (SELECT t.id, t.name_key FROM {table} t WHERE t.name_key >= a.key ORDER BY t.name_key, t.id LIMIT {few})
    UNION ALL
    (SELECT t.id, t.name_key FROM {table} t WHERE t.name_key < a.key ORDER BY t.name_key DESC, t.id DESC LIMIT 1)
) t
"""
BEGINS = "{column} ~>=~ a.key AND {column} ~<~ (a.key || ':')"


def _block(shared: str, same: str) -> str:
    return BLOCK.format(shared=shared, same=same, few=FEW)


BLOCKS: dict[str, dict[str, str]] = {
    "company": {
        "t": _block("crm_company t", "t.tax_key = a.key AND t.tax_key <> ''"),
        "d": _block("crm_company t", "t.domain_key = a.key AND t.domain_key <> ''"),
        "p": _block("crm_company t", BEGINS.format(column="t.phone_reversed") + " AND t.phone_reversed <> ''"),
        "n": NEXT.format(table="crm_company", few=FEW),
    },
    "contact": {
        "m": _block("crm_contactemail e JOIN crm_contact t ON t.id = e.contact_id", "e.address = a.key"),
        "p": _block("crm_contactphone p JOIN crm_contact t ON t.id = p.contact_id", BEGINS.format(column="p.reversed")),
        "n": NEXT.format(table="crm_contact", few=FEW),
    },
}
KNOWN = {
    "company": """
        SELECT t.id, t.name_key, t.tax_key, t.domain_key, ARRAY[t.phone_reversed], ARRAY[lower(t.email)], t.address, t.city, ''
        FROM crm_company t WHERE t.id = ANY(%s) AND t.deleted_at IS NULL
    """,
    "contact": """
        SELECT t.id, t.name_key, '', '', ARRAY(SELECT p.reversed FROM crm_contactphone p WHERE p.contact_id = t.id),
            ARRAY(SELECT e.address FROM crm_contactemail e WHERE e.contact_id = t.id), '', t.city, coalesce(c.name_key, '')
        FROM crm_contact t LEFT JOIN crm_company c ON c.id = t.company_id WHERE t.id = ANY(%s) AND t.deleted_at IS NULL
    """,
}


class Present:
    """What a chunk found: `near` has clients by row; phones and mailboxes of several names are `shared`."""

    def __init__(self, noun: str, asked: Mapping[int, Traits]) -> None:
        self.noun = noun
        self.shared: set[str] = set()
        found: dict[int, set[int]] = defaultdict(set)
        for kind, statement in BLOCKS[noun].items():
            for row, pk in self._block(kind, statement, asked):
                found[row].add(pk)
        known = self._known({pk for pks in found.values() for pk in pks})
        self.near = {row: [known[pk] for pk in sorted(pks) if pk in known] for row, pks in found.items()}

    def _block(self, kind: str, statement: str, asked: Mapping[int, Traits]) -> Iterator[tuple[int, int]]:
        pairs = [(pk, key) for pk, one in asked.items() for key in _keys(kind, one)]
        if not pairs:
            return
        rows, keys = zip(*pairs, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(statement, {"rows": list(rows), "keys": list(keys)})
            listed = cursor.fetchall()
        if kind == "n":
            yield from self._alike(listed)
            return
        named: dict[str, list[str]] = defaultdict(list)
        for row, key, pk, name in listed:
            named[key].append(names.parted(name)[0] if self.noun == "company" else name)
            yield row, pk
        self.shared |= {f"{kind}{key}" for key, bearers in named.items() if several_names(bearers)}

    def _alike(self, listed: Iterable[tuple[int, str, int, str]]) -> Iterator[tuple[int, int]]:
        """Neighbours in the alphabet whose names are near."""
        times: dict[str, int] = defaultdict(int)
        for row, key, pk, name in listed:
            if name[:ALIKE_START] != key[:ALIKE_START]:
                continue
            bare = names.parted(name)[0] if self.noun == "company" else name
            times[key] += bare == key
            if fuzz.ratio(bare, key, score_cutoff=NEAR):
                yield row, pk
        self.shared |= {f"n{''.join(sorted(key.split()))}" for key, count in times.items() if count >= FEW}

    def _known(self, pks: set[int]) -> dict[int, Traits]:
        if not pks:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(KNOWN[self.noun], [sorted(pks)])
            return {row[0]: _traits(self.noun, *row) for row in cursor.fetchall()}


def _keys(kind: str, one: Traits) -> Iterable[str]:
    match kind:
        case "t":
            return filter(None, [one.tax])
        case "d":
            return filter(None, [one.domain])
        case "p":
            return one.phones
        case "m":
            return one.mails
    return filter(None, [one.name])


def _traits(
    noun: str, pk: int, name: str, tax: str, domain: str, phones: list[str], mails: list[str], where: str, city: str, at: str
) -> Traits:  # fmt: skip
    company = noun == "company"
    found = Traits(pk, *(names.parted(name) if company else (name, ())), tax, domain)
    found.phones = frozenset(number[:SAME_PHONE] for number in phones if number)
    found.mails = frozenset(filter(None, mails))
    found.address, found.house = address(where) if where else ("", "")
    found.city, found.at = fold(city), names.parted(at)[0] if at else ""
    return found
