"""What companies and contacts have in common: the card, another owner, the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms import ServiceForm
from accounts.models import Role, User
from accounts.permissions import Permission
from crm import client, merging, timeline
from crm.forms.activities import LogActivity
from crm.forms.records import GiveForm
from crm.services.duplicates import Alike
from crm.views.answers import ask, asked, sent

FOLDERS = {"company": "companies", "contact": "contacts"}
PARTS = {"client-refresh": "crm/clients/_parts.html", "client-touch": "crm/clients/_touched.html"}
"""What htmx asks for: all that may have changed, or what a changed fact shows in."""


def card(request: Any, noun: str, pk: int) -> HttpResponse:
    """The card; htmx gets what may have changed while the composer stays as it is. A merged client leads to the one it is now."""
    asked_for = timeline.Narrowed.read(request.GET)
    try:
        shown = client.read(noun=noun, pk=pk, user=request.user, at=timezone.now(), narrowed=asked_for)
    except Http404:
        return _survivor(request, noun, pk)
    template = PARTS.get(request.htmx.target or "", f"crm/{FOLDERS[noun]}/card.html")
    whole = request.htmx.target not in PARTS
    context = {"client": shown, "form": composer(request.user, shown)} if whole else {"client": shown}
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _survivor(request: Any, noun: str, pk: int) -> HttpResponse:
    """To the client that a merged one became part of, for who may see that; 404 for any other."""
    survivor = merging.seen_survivor(noun, [pk], request.user)
    if survivor is None:
        raise Http404
    return HttpResponseRedirect(reverse(f"crm:{noun}", args=[survivor]))


def composer(user: Any, shown: client.Client) -> LogActivity:
    """An empty composer for a client; the only open deal is what it is about."""
    form = LogActivity(user=user, at=shown.at, initial={"who": f"{shown.noun}:{shown.pk}"})
    if len(shown.open_deals) == 1:
        only = shown.open_deals[0]
        form.initial["deal"], form.about = only["pk"], only["title"]
    return form


def go(request: Any, url: str, said: str) -> HttpResponse:
    """Say it on another page: a new record's own, or the list that a deleted one is gone from."""
    messages.success(request, said)
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


def colleagues(request: Any, record: Any) -> Any:
    """Who may own clients, but for the one who does."""
    works = (Role.MANAGER, Role.HEAD)
    return User.objects.visible_to(request.user).active().filter(role__in=works).exclude(pk=record.owner_id).by_name()


def give(request: Any, record: Any, verb: Callable[..., Any], *, noun: str) -> HttpResponse:
    """Give a client to another owner."""
    form = GiveForm(sent(request), people=colleagues(request, record))
    return ask(
        request, form, verb, at=timezone.now(), template="crm/clients/give.html",
        said=lambda given: _("%(name)s now belongs to %(owner)s.") % {"name": given.name, "owner": given.owner},
        changed=[f"{FOLDERS[noun]}-changed"], to=reverse(f"crm:{noun}-list"), shown={"record": record}, **{noun: record},
    )  # fmt: skip


def delete(request: Any, record: Any, verb: Callable[..., Any], *, noun: str, template: str) -> HttpResponse:
    """Ask whether it is meant, then take the client out of the lists."""
    form = ServiceForm(sent(request))
    if request.method == "POST":
        gone = form.submit(verb, by=request.user, at=timezone.now(), **{noun: record})
        if gone is not None:
            said = _("%(name)s is deleted.") % {"name": record.name}
            return go(request, reverse(f"crm:{noun}-list"), said)
    return asked(request, template, form, record=record)


def alike(request: Any, found: list[Alike]) -> HttpResponse:
    """The records that may be the same as what is being typed."""
    return render(request, "crm/clients/_alike.html", {"found": found})


def find(model: Any, request: Any, pk: int, action: Permission) -> Any:
    """A record on which the person may do `action`; 404 for any other."""
    return get_object_or_404(model.objects.visible_to(request.user, action).select_related("owner"), pk=pk)
