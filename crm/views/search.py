"""The search of everything: what the palette asks while somebody types, and a page of its own without scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import needs
from crm import palette
from crm import search as searching
from crm.models import Company, Contact, Deal, DealStatus

LONGEST = 100
IN_THE_PALETTE, ON_THE_PAGE = 6, 20


@require_GET
@needs(Permission.REFERENCE_VIEW)
def search(request: Any) -> HttpResponse:
    """Companies, contacts and deals that fit; each group says what it is, so that a fitting word is enough. The palette also
    offers what to do with them."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    if request.htmx.target != "palette-hits":
        found = searching.find(request.user, query, ON_THE_PAGE).groups
        return render(request, "crm/search/page.html", {"query": query, "groups": [_group(group) for group in found]})
    answer = palette.answer(request.user, query, IN_THE_PALETTE)
    groups = [_group(group) for group in answer.groups]
    verbs: dict[str, Any] = {"label": _("Do"), "hits": answer.verbs}
    views: dict[str, Any] = {"label": _("Views"), "hits": answer.views}
    listed = [verbs, *groups, views] if answer.first else [*groups, views, verbs]
    shown = [group for group in listed if group["hits"]]
    return render(request, "crm/search/_hits.html", {"query": query, "groups": shown})


def _group(group: searching.Group) -> dict[str, Any]:
    return {"label": group.label, "hits": [HITS[group.noun](record) for record in group.records]}


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": f"company-{company.pk}",
        "href": reverse("crm:company", args=[company.pk]),
        "title": company.name,
        "sub": " · ".join(part for part in (company.city, company.industry) if part),
        "end": company.phone or company.domain,
        "person": company.name,
        "square": True,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    company = contact.company.name if contact.company else ""
    return {
        "id": f"contact-{contact.pk}",
        "href": reverse("crm:contact", args=[contact.pk]),
        "title": contact.name,
        "sub": " · ".join(part for part in (contact.title, company) if part),
        "person": contact.name,
    }


def _deal(deal: Deal) -> dict[str, Any]:
    where = deal.stage.name if deal.status == DealStatus.OPEN else str(DealStatus(deal.status).label)
    return {
        "id": f"deal-{deal.pk}",
        "href": reverse("crm:deal", args=[deal.pk]),
        "title": deal.title,
        "sub": " · ".join(part for part in (deal.company.name if deal.company else "", where) if part),
        "end": formats.money(deal.amount_minor, deal.currency),
        "icon": "currency-euro",
    }


HITS: dict[str, Any] = {"company": _company, "contact": _contact, "deal": _deal}
