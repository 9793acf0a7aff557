"""The search of everything: companies, contacts and deals by parts of words, ends of phones, sites and tax numbers.

One statement over indexes only, however many records there are; one more where the query may be the end of a phone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import Use, fields
from accounts.together import together
from crm import tax
from crm.folding import domain_of, tax_key, words
from crm.models import Company, Contact, ContactPhone, Deal, Stage
from crm.models.search import matching
from crm.phones import end_asked

LIMIT = 8
LOOKED_AT = 500
"""Of so many found the best are shown: a beginning of two letters may stand in a hundred thousand records."""
CALLED = 50
BEST = """
SELECT few.key FROM (SELECT * FROM found LIMIT %s) few ORDER BY starts_with(few.folded, %s) DESC, few.folded, few.key LIMIT %s
"""
SHORTEST_TAX = 5
SHORTEST_QUERY = 2


Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Group:
    """What was found of one noun, the best first; of each record only what a list of answers shows."""

    noun: str
    label: Any
    records: list[Any]


@dataclass(frozen=True)
class Found:
    """The groups, and the rows of whatever else was asked in the same trip."""

    groups: list[Group]
    also: list[list[Any]]


def find(user: User, query: str, limit: int = LIMIT, *also: Rows) -> Found:
    """Everything that `user` may see and `query` finds, by noun; nouns without a hit are left out. The rows of the queries `also`
    come along in the same trip."""
    if len(query.strip()) < SHORTEST_QUERY:
        return Found([], [[] for _one in also])
    answers = together(*(_best(user, noun, query, limit) for noun in NOUNS), *also)
    groups = [
        Group(noun, label, _made(noun, rows, query))
        for (noun, (label, _model, _columns)), rows in zip(NOUNS.items(), answers, strict=False)
    ]
    return Found([group for group in groups if group.records], answers[len(NOUNS) :])


def companies(user: User, query: str, limit: int = LIMIT) -> list[Company]:
    """By words, the end of the phone, the site or the tax number."""
    return _made("company", list(_best(user, "company", query, limit)), query)


def contacts(user: User, query: str, limit: int = LIMIT) -> list[Contact]:
    """By words (their e-mails and company among them) or the end of a phone."""
    return _made("contact", list(_best(user, "contact", query, limit)), query)


def deals(user: User, query: str, limit: int = LIMIT) -> list[Deal]:
    """By words of the title and the company."""
    return _made("deal", list(_best(user, "deal", query, limit)), query)


NOUNS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "company": (_("Companies"), Company, ("name", "city", "industry", "phone", "domain")),
    "contact": (_("Contacts"), Contact, ("name", "title", "company_id", "company__name")),
    "deal": (
        _("Deals"),
        Deal,
        ("title", "status", "amount_minor", "currency", "company_id", "company__name", "stage__name"),
    ),
}
"""What is searched, and what a list of answers shows of each."""


def _made(noun: str, rows: list[dict[str, Any]], query: str) -> list[Any]:
    """The rows as records, the best first: those that begin with the first word asked, then by name."""
    first = "".join(words(query)[:1])
    ranked = sorted(rows, key=lambda row: (not row["folded"].startswith(first), row["folded"], row["id"]))
    return [_record(NOUNS[noun][1], row) for row in ranked]


def _record(model: Any, row: dict[str, Any]) -> Any:
    """A record with what was read of it, and of those that it refers to."""
    own = {name: value for name, value in row.items() if "__" not in name}
    record = model(**own)
    if row.get("company__name"):
        record.company = Company(pk=row["company_id"], name=row["company__name"])
    if row.get("stage__name"):
        record.stage = Stage(name=row["stage__name"])
    return record


def keys_of(rows: QuerySet[Any], most: int) -> list[int] | None:
    """The keys of all the rows that a condition of this module finds; None when there are more than `most`.

    A rare word is answered from its own index this way; left to a sorted list, the planner would look for it row by row.
    """
    try:
        found, words_of_found = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        some = f"WITH found AS MATERIALIZED ({found}) SELECT * FROM found LIMIT %s"  # noqa: S608
        cursor.execute(some, [*words_of_found, most + 1])
        keys = [row[0] for row in cursor.fetchall()]
    return keys if len(keys) <= most else None


def condition(user: User, model: type[Model], query: str) -> Q:
    """What `query` finds among the rows of `model`: the words, or any of the model's other arms whose field the person may
    read. The lists' own boxes and the autocomplete ask the same."""
    found = matching(query)
    readable = fields(user, model, Use.READ)
    for name, arm in ARMS.get(model, {}).items():
        more = arm(user, query) if name in readable else None
        if more is not None:
            found |= more
    return found


def _phone(user: User, query: str) -> Q | None:
    end = end_asked(query)
    return ~Q(phone_reversed="") & Q(phone_reversed__startswith=end) if end else None


def _domain(user: User, query: str) -> Q | None:
    domain = domain_of(query)
    return Q(domain_key=domain) if domain else None


def _tax(user: User, query: str) -> Q | None:
    key = tax.key(query)
    asked = {key, tax_key(query)[:30]}
    return Q(tax_key__in=asked) if len(key) >= SHORTEST_TAX and any(char.isdigit() for char in key) else None


def _called(user: User, query: str) -> Q | None:
    """Two steps: an OR with a subquery would read the whole table. Only the person's own count, or others would fill the list."""
    end = end_asked(query)
    if not end:
        return None
    called = ContactPhone.objects.filter(reversed__startswith=end, contact__in=Contact.objects.visible_to(user))
    return Q(pk__in=list(called.order_by("reversed").values_list("contact", flat=True)[:CALLED]))


ARMS: dict[type[Model], dict[str, Callable[[User, str], Q | None]]] = {
    Company: {"phone": _phone, "domain": _domain, "tax_number": _tax},
    Contact: {"phones": _called},
}


def _best(user: User, noun: str, query: str, limit: int) -> Rows:
    """The best few that `query` finds of a noun."""
    _label, model, columns = NOUNS[noun]
    rows = model.objects.visible_to(user).filter(condition(user, model, query))
    try:
        keys: Any = _keys(rows, "".join(words(query)[:1]), limit)
    except EmptyResultSet:
        keys = []
    return model._base_manager.filter(pk__in=keys).values("id", "folded", *columns)


def _keys(rows: QuerySet[Any], first: str, limit: int) -> RawSQL:
    """The keys of the best among the first LOOKED_AT rows.

    A plain LIMIT makes the planner hope to meet enough of them soon in a scan of the whole table, which a rare word
    disappoints. A materialized expression is planned for all its rows, over the indexes, and still stops at the limit.
    """
    found, words_of_found = rows.order_by().values("folded", key=F("pk")).query.sql_with_params()
    return RawSQL(f"WITH found AS MATERIALIZED ({found}) {BEST}", (*words_of_found, LOOKED_AT, first, limit))  # noqa: S611
