"""The search of everything: companies, contacts and deals by parts of words, ends of phones, sites and tax numbers.

At most four statements, each over indexes only, however many records there are.
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
from crm import tax
from crm.folding import domain_of, tax_key, words
from crm.models import Company, Contact, ContactPhone, Deal
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


@dataclass(frozen=True)
class Group:
    """What was found of one noun, the best first."""

    noun: str
    label: Any
    records: list[Any]


def find(user: User, query: str, limit: int = LIMIT) -> list[Group]:
    """Everything that `user` may see and `query` finds, by noun; nouns without a hit are left out."""
    if len(query.strip()) < SHORTEST_QUERY:
        return []
    groups = [
        Group("company", _("Companies"), companies(user, query, limit)),
        Group("contact", _("Contacts"), contacts(user, query, limit)),
        Group("deal", _("Deals"), deals(user, query, limit)),
    ]
    return [group for group in groups if group.records]


def companies(user: User, query: str, limit: int = LIMIT) -> list[Company]:
    """By words, the end of the phone, the site or the tax number."""
    return _best(Company.objects.visible_to(user).filter(condition(user, Company, query)), query, limit)


def contacts(user: User, query: str, limit: int = LIMIT) -> list[Contact]:
    """By words (their e-mails and company among them) or the end of a phone."""
    return _best(Contact.objects.visible_to(user).filter(condition(user, Contact, query)), query, limit, "company")


def deals(user: User, query: str, limit: int = LIMIT) -> list[Deal]:
    """By words of the title and the company."""
    return _best(Deal.objects.visible_to(user).filter(condition(user, Deal, query)), query, limit, "company", "stage")


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


def _best(rows: QuerySet[Any], query: str, limit: int, *related: str) -> list[Any]:
    """The best few of those found: those that begin with the first word asked, then by name."""
    first = "".join(words(query)[:1])
    try:
        keys = _keys(rows, first, limit)
    except EmptyResultSet:
        return []
    best = rows.model._base_manager.filter(pk__in=keys).defer("search", "note")
    if related:
        best = best.select_related(*related)
    return sorted(best, key=lambda record: (not record.folded.startswith(first), record.folded, record.pk))


def _keys(rows: QuerySet[Any], first: str, limit: int) -> RawSQL:
    """The keys of the best among the first LOOKED_AT rows.

    A plain LIMIT makes the planner hope to meet enough of them soon in a scan of the whole table, which a rare word
    disappoints. A materialized expression is planned for all its rows, over the indexes, and still stops at the limit.
    """
    found, words_of_found = rows.order_by().values("folded", key=F("pk")).query.sql_with_params()
    return RawSQL(f"WITH found AS MATERIALIZED ({found}) {BEST}", (*words_of_found, LOOKED_AT, first, limit))  # noqa: S611
