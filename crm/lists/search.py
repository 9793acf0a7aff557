"""What somebody types into a search box, as a condition: words by their beginnings, a phone by its last digits, a site, a tax number.

Used by the lists' own boxes, by autocomplete and by the search over everything, so that all three find the same.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from crm import phones
from crm.folding import digits, domain_of, tax_key
from crm.models import ContactEmail, ContactPhone
from crm.models.search import matching

Rows = QuerySet[Any, Any]

MOST_COMPARED = 9
"""The end of a number: what comes before it is written with and without the country and its zeros."""


def companies(rows: Rows, query: str) -> Rows:
    """Companies by words of theirs, end of the phone, site or tax number."""
    condition = matching(query)
    if end := phones.end_asked(query)[:MOST_COMPARED]:
        condition |= Q(phone_reversed__startswith=end) & ~Q(phone_reversed="")
    if (domain := domain_of(query)) and " " not in query.strip():
        condition |= Q(domain_key=domain)
    if digits(query) and (tax := tax_key(query)):
        condition |= Q(tax_key=tax)
    return rows.filter(condition)


def contacts(rows: Rows, query: str) -> Rows:
    """Contacts by words of theirs, or by the end of a phone, or by an address: one of them, so that one index answers."""
    if end := phones.end_asked(query)[:MOST_COMPARED]:
        return rows.filter(pk__in=ContactPhone.objects.filter(reversed__startswith=end).values("contact"))
    if "@" in query:
        addresses = ContactEmail.objects.filter(address=query.strip().lower())
        return rows.filter(pk__in=addresses.values("contact"))
    return rows.filter(matching(query))


def deals(rows: Rows, query: str) -> Rows:
    """Deals by words of theirs (their company's words are among them)."""
    return rows.filter(matching(query))
