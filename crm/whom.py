"""Whom an entry is about: the records that the field offers, and the open deals of whoever is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from crm import search
from crm.forms.quick_log import CLIENTS, Who
from crm.models import Activity, Company, Contact, Deal

LOOKED_AT = 60
RECENT = 8
OFFERED = 8
MOST_DEALS = 20
Option = tuple[str, str]
"""What the field sends, and what it shows."""


def found(user: User, query: str, limit: int = OFFERED) -> list[Option]:
    """Contacts and companies that fit what is typed (a name, the end of a phone), contacts first."""
    contacts = [_contact(one) for one in search.contacts(user, query, limit)]
    return contacts + [_company(one) for one in search.companies(user, query, limit)]


def offered(user: User, chosen: Who | None, more: Iterable[Option] = ()) -> list[Option]:
    """Who is chosen, then `more`, then whom the person talked to lately."""
    rows = Activity.objects.live().filter(performed_by=user).order_by("-occurred_at", "-pk")
    lately = rows.values_list("contact", "company")[:LOOKED_AT]
    keys = [
        Who("contact", contact) if contact else Who("company", company)
        for contact, company in lately
        if contact or company
    ]
    wanted = list(dict.fromkeys([*([chosen] if chosen else []), *keys]))[: RECENT + 1]
    named = {
        **_named(Contact.objects.visible_to(user).select_related("company"), "contact", wanted, _contact),
        **_named(Company.objects.visible_to(user), "company", wanted, _company),
        **_named(Deal.objects.visible_to(user), "deal", wanted, lambda deal: (f"deal:{deal.pk}", deal.title)),
    }
    known = [named[one] for one in wanted if one in named]
    first = [named[chosen]] if chosen in named else []
    return list(dict([*first, *more, *known]).items())


def deals(user: User, who: Who | None) -> list[tuple[int, str]]:
    """The open deals that whoever was chosen takes part in, himself or by his company."""
    if who is None or who.noun not in CLIENTS:
        return []
    if who.noun == "deal":
        part = Q(pk=who.pk)
    elif who.noun == "company":
        part = Q(company=who.pk)
    else:
        at_work = Contact.objects.visible_to(user).filter(pk=who.pk, company__isnull=False).values("company")
        part = Q(contacts=who.pk) | Q(company__in=at_work)
    seen = Deal.objects.open().filter(part).values("pk")
    rows = Deal.objects.visible_to(user).filter(pk__in=seen).order_by("-changed_at", "-pk")
    return list(rows.values_list("pk", "title")[:MOST_DEALS])


def _contact(contact: Contact) -> Option:
    company = contact.company.name if contact.company else contact.title
    return f"contact:{contact.pk}", " · ".join(part for part in (contact.name, company) if part)


def _company(company: Company) -> Option:
    return f"company:{company.pk}", " · ".join(part for part in (company.name, company.city) if part)


def _named(rows: QuerySet[Any], noun: str, wanted: list[Who], name: Callable[[Any], Option]) -> dict[Who, Option]:
    keys = [one.pk for one in wanted if one.noun == noun]
    return {Who(noun, row.pk): name(row) for row in rows.filter(pk__in=keys)} if keys else {}
