"""Autocomplete: the records that fit what is being typed, for select fields that ask the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import mentions
from crm.folding import fold
from crm.forms.quick_log import Who
from crm.models import Company, Contact, Deal, Tag
from crm.search import condition

MOST = 20
MOST_TRIED, MOST_OFFERED = 40, 8
LONGEST_QUERY = 100

Found = list[tuple[int, str, str]]
"""Key, name and what tells two of the same name apart."""


def _companies(user: Any, query: str) -> Found:
    rows = Company.objects.visible_to(user)
    rows = rows.filter(condition(user, Company, query)) if query else rows
    return _listed(rows.order_by("name_key", "pk"), "name", "city")


def _contacts(user: Any, query: str) -> Found:
    rows = Contact.objects.visible_to(user)
    rows = rows.filter(condition(user, Contact, query)) if query else rows
    return _listed(rows.order_by("name_key", "pk"), "name", "company__name")


def _deals(user: Any, query: str) -> Found:
    rows = Deal.objects.visible_to(user).open()
    rows = rows.filter(condition(user, Deal, query)) if query else rows
    return _listed(rows.order_by("-changed_at", "-pk"), "title", "company__name")


def _people(user: Any, query: str) -> Found:
    """Colleagues: there are thousands at most, so that a word inside the name may be looked for."""
    rows = User.objects.visible_to(user).active()
    for word in query.split():
        rows = rows.filter(full_name__icontains=word)
    return _listed(rows.by_name(), "full_name", "email")


def _tags(user: Any, query: str) -> Found:
    rows = Tag.objects.order_by("name")
    return _listed(rows.filter(name__icontains=query) if query else rows, "name", None)


def _listed(rows: QuerySet[Any], name: str, more: str | None) -> Found:
    named = rows.values_list("pk", name, F(more) if more else F(name))[:MOST]
    return [(pk, title, "" if more is None else also or "") for pk, title, also in named]


NOUNS: dict[str, tuple[Permission, Callable[[Any, str], Found]]] = {
    "company": (Permission.COMPANY_VIEW, _companies),
    "contact": (Permission.CONTACT_VIEW, _contacts),
    "deal": (Permission.DEAL_VIEW, _deals),
    "person": (Permission.PEOPLE_VIEW, _people),
    "tag": (Permission.REFERENCE_VIEW, _tags),
}


@require_GET
@needs(Permission.ACTIVITY_ADD)
def mention(request: HttpRequest) -> HttpResponse:
    """Colleagues who may see the client or deal `of` ("contact:12") and whose name fits `q`, to be named in a note."""
    user: Any = request.user
    who = Who.read(request.GET.get("of", ""))
    record = who.find(user) if who else None
    if record is None:
        raise Http404
    rows = User.objects.visible_to(user).active().exclude(pk=user.pk)
    for word in request.GET.get("q", "").replace("\x00", "").split()[:3]:
        rows = rows.filter(full_name__icontains=word)
    offered = mentions.able(rows.by_name()[:MOST_TRIED], record)[:MOST_OFFERED]
    return JsonResponse([{"name": one.full_name, "role": one.get_role_display()} for one in offered], safe=False)


@require_GET
@needs(Permission.REFERENCE_VIEW)
def suggest(request: HttpRequest, noun: str) -> HttpResponse:
    """At most twenty records of a noun that the person sees, as [{value, text}]; without a query the first ones."""
    permission, find = NOUNS.get(noun, (None, None))
    if permission is None or find is None or not holds(request.user, permission):
        raise Http404
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    if query and not fold(query):
        return JsonResponse([], safe=False)
    found = find(request.user, query)
    listed = [{"value": str(pk), "text": f"{name} · {more}" if more else name} for pk, name, more in found]
    return JsonResponse(listed, safe=False)
