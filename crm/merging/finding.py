"""Which clients may be there twice: those that share a number, a site, an address or a name.

Asked by blocks: some clients at once, by keys that have an index, so that a million others cost nothing. One statement a block brings
for each key the few clients that have it, the oldest first; they are told apart here, by the rules that are asked at entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import connection

from crm import names
from crm.folding import fold
from crm.merging import reasons
from crm.services.duplicates import SAME_PHONE, SHORTEST_PHONE

HANDFUL = 4
"""A key that more differently named clients share is nobody's own: a reception's phone, a shared mailbox, a mall's address."""
MOST = 50
"""More clients are never looked at for one key."""
COMPARED = 3
"""Each client is compared with so many of the oldest that share a key: what is the same as those will be merged with them."""

Key = tuple[int, int]


@dataclass(frozen=True)
class One:
    """A client as far as it is compared. `where` is the city, folded; `tax` a company's number; `at` a person's company."""

    pk: int
    name: str
    where: str
    tax: str = ""
    at: int | None = None


@dataclass(frozen=True)
class Pair:
    first: int
    second: int
    reasons: list[str]
    score: int


COMPANY = "t.id, t.name_key, t.city, t.tax_key, NULL::bigint"
CONTACT = "t.id, t.name_key, t.city, '', t.company_id"
FORMS = "|".join(names.LEGAL_FORMS)

# A block: for each key of the clients asked about, up to MOST live clients that have it. `id + 0` keeps the planner from walking the
# table by its key in the hope of soon meeting one.
BLOCK = """
WITH asked AS MATERIALIZED (SELECT DISTINCT {key} AS key FROM {table} a WHERE {asked} AND {usable})
SELECT k.key::text, {columns} FROM asked k
CROSS JOIN LATERAL (SELECT t.* FROM {shared} WHERE {same} AND t.deleted_at IS NULL ORDER BY t.id + 0 LIMIT {most}) t
"""


def _block(columns: str, **parts: str) -> str:
    table = "crm_company" if columns == COMPANY else "crm_contact"
    given = {"table": table, "asked": "a.id = ANY(%(asked)s)", "shared": f"{table} t", **parts}
    return BLOCK.format(columns=columns, most=MOST, **given)


PHONE_END = f"left({{row}}, {SAME_PHONE})"
LONG_ENOUGH = f"length({{row}}) >= {SHORTEST_PHONE}"
BEGINS = "{column} ~>=~ k.key AND {column} ~<~ (k.key || ':')"
"""Reversed digits that begin with the key: a colon follows the figures in the order of the index."""

BLOCKS: dict[str, dict[str, str]] = {
    "company": {
        "tax": _block(COMPANY, key="a.tax_key", usable="a.tax_key <> ''", same="t.tax_key = k.key AND t.tax_key <> ''"),
        "domain": _block(
            COMPANY, key="a.domain_key", usable="a.domain_key <> ''", same="t.domain_key = k.key AND t.domain_key <> ''"
        ),
        "phone": _block(
            COMPANY,
            key=PHONE_END.format(row="a.phone_reversed"),
            usable=LONG_ENOUGH.format(row="a.phone_reversed"),
            same=BEGINS.format(column="t.phone_reversed") + " AND t.phone_reversed <> ''",
        ),
        "name": _block(
            COMPANY,
            key=f"regexp_replace(a.name_key, '( ({FORMS}))+$', '')",
            usable="a.name_key <> ''",
            same=f"t.name_key ~>=~ k.key AND t.name_key ~<~ (k.key || '!') AND regexp_replace(t.name_key, '( ({FORMS}))+$', '') = k.key",
        ),
    },
    "contact": {
        "email": _block(
            CONTACT,
            key="a.address",
            table="crm_contactemail",
            asked="a.contact_id = ANY(%(asked)s)",
            usable="a.address <> ''",
            shared="crm_contactemail e JOIN crm_contact t ON t.id = e.contact_id",
            same="e.address = k.key",
        ),
        "phone": _block(
            CONTACT,
            key=PHONE_END.format(row="a.reversed"),
            table="crm_contactphone",
            asked="a.contact_id = ANY(%(asked)s)",
            usable=LONG_ENOUGH.format(row="a.reversed"),
            shared="crm_contactphone p JOIN crm_contact t ON t.id = p.contact_id",
            same=BEGINS.format(column="p.reversed"),
        ),
        "colleagues": _block(
            CONTACT, key="a.company_id", usable="a.company_id IS NOT NULL", same="t.company_id = k.key"
        ),
        "name": _block(
            CONTACT,
            key="a.name_key || '|' || a.company_id",
            usable="a.name_key <> '' AND a.company_id IS NOT NULL",
            same="t.name_key = split_part(k.key, '|', 1) AND t.company_id = split_part(k.key, '|', 2)::bigint",
        ),
        "city": _block(
            CONTACT,
            key="a.name_key || '|' || lower(a.city)",
            usable="a.name_key <> '' AND a.city <> ''",
            same="t.name_key = split_part(k.key, '|', 1) AND lower(t.city) = split_part(k.key, '|', 2)",
        ),
    },
}


OWN_KEYS = frozenset({"tax", "domain", "phone", "email"})
"""Blocks whose key should be one client's own."""
BY_NAME_ALONE = frozenset({"company.name_only", "contact.city"})
"""Reasons that say nothing where many have that name."""


def pairs(noun: str, asked: Sequence[int]) -> list[Pair]:
    """The pairs between the live clients asked about and all others, one statement a block."""
    found: dict[Key, set[str]] = defaultdict(set)
    ones: dict[int, One] = {}
    wanted = set(asked)
    for block, statement in BLOCKS[noun].items():
        for members in _members(noun, block, statement, asked):
            for one, other in _compared(members, wanted, all_=block == "colleagues"):
                why = _reason(noun, block, one, other, len(members))
                if why:
                    found[one.pk, other.pk].add(why)
                    ones |= {one.pk: one, other.pk: other}
    return [pair for key, why in sorted(found.items()) if (pair := _judged(noun, key, why, ones)) is not None]


def _members(noun: str, block: str, statement: str, asked: Sequence[int]) -> Iterator[list[One]]:
    """The clients that share each key, the oldest first; keys that are nobody's own are left out."""
    shared: dict[str, dict[int, One]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"asked": list(asked)})
        for key, pk, name, city, tax, at in cursor:
            shared[key].setdefault(pk, One(pk, name, fold(city), tax, at))
    for members in shared.values():
        named = {_bare(noun, one) for one in members.values()} if block in OWN_KEYS else set()
        if len(members) > 1 and len(named) <= HANDFUL:
            yield list(members.values())


def _compared(members: Sequence[One], wanted: set[int], *, all_: bool) -> Iterator[tuple[One, One]]:
    """Each one asked about with the oldest of the others, or with `all_` of them; the older first."""
    listed = sorted(members, key=lambda one: one.pk)
    oldest = {one.pk for one in (listed if all_ else listed[:COMPARED])}
    for one, other in combinations(listed, 2):
        if (one.pk in wanted or other.pk in wanted) and one.pk in oldest:
            yield one, other


def _reason(noun: str, block: str, one: One, other: One, many: int) -> str:
    """The reason that a block finds between two; empty for two that share its key and are not alike for that."""
    why = f"{noun}.{block}"
    if why == "company.name" and names.other_form(one.name, other.name):
        return ""
    if why == "company.name":
        if one.where != other.where:
            why = "" if one.where and other.where else "company.name_only"
        elif not one.where:
            why = "company.name_only"
    if block == "colleagues":
        why = "contact.name" if _alike(noun, one, other) else ""
    return "" if why in BY_NAME_ALONE and many > HANDFUL else why


def _bare(noun: str, one: One) -> str:
    return names.core(one.name) if noun == "company" else one.name


def _alike(noun: str, one: One, other: One) -> bool:
    return names.are_alike(_bare(noun, one), _bare(noun, other))


def _judged(noun: str, key: Key, why: Iterable[str], ones: Mapping[int, One]) -> Pair | None:
    one, other = ones[key[0]], ones[key[1]]
    two_tax_numbers = bool(one.tax and other.tax and one.tax != other.tax)
    points = reasons.score(why, alike=_alike(noun, one, other), two_tax_numbers=two_tax_numbers)
    return Pair(*key, reasons.in_order(why), points) if points >= reasons.LEAST else None
