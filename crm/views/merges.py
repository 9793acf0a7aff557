"""Clients that are there twice: the list of pairs, two side by side, and the merges that can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from crm import duplicate_page, merge_page
from crm.forms.merges import MergeForm, OtherForm
from crm.forms.merges import asked as asked_for
from crm.lists.filters import is_key
from crm.merging import seen_survivor
from crm.models import DuplicatePair, Merge
from crm.models.merging import CLIENTS
from crm.services import duplicate_pairs, merges
from crm.services.merge_rules import UNDO_DAYS
from crm.views.answers import asked, done, refused, sent

SHOWN = 100


@require_GET
@needs(Permission.RECORD_MERGE)
def duplicate_list(request: Any) -> HttpResponse:
    """The pairs that one person may decide, the likeliest first."""
    shown = duplicate_page.asked(request.user, request.GET.get("noun", ""), request.GET.get("reason", ""))
    part = request.htmx.target == "duplicates"
    response = render(request, f"crm/merges/{'_pairs' if part else 'duplicates'}.html", {"duplicates": shown})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_POST
@needs(Permission.RECORD_MERGE)
def part(request: Any, pk: int) -> HttpResponse:
    """Say that the two are not the same."""
    pair = get_object_or_404(DuplicatePair.objects.visible_to(request.user), pk=pk)
    duplicate_pairs.part(pair=pair, by=request.user, at=timezone.now())
    said, undo_url = _("Not the same: you will not be asked again."), reverse("crm:duplicate-again", args=[pk])
    if not request.htmx:
        messages.success(request, said, extra_tags=undo_url)
        return HttpResponseRedirect(_back(request) or reverse("crm:duplicate-list"))
    return done(request, said, "duplicates-changed", to=reverse("crm:duplicate-list"), undo_url=undo_url)


@require_POST
@needs(Permission.RECORD_MERGE)
def ask_again(request: Any, pk: int) -> HttpResponse:
    """Take back that the two are not the same."""
    pair = get_object_or_404(DuplicatePair.objects.visible_to(request.user), pk=pk)
    duplicate_pairs.ask_again(pair=pair, by=request.user, at=timezone.now())
    return done(request, _("Back in the list."), "duplicates-changed", to=reverse("crm:duplicate-list"))


@require_http_methods(["GET", "POST"])
@needs(Permission.RECORD_MERGE)
def merge(request: Any, noun: str, first: int, second: int) -> HttpResponse:
    """Two clients side by side; what is chosen is shown at once, and merged when it is sent."""
    before = _merged_before(request, noun, first, second)
    if before is not None:
        return before
    now = timezone.now()
    keeps, sides = asked_for(request.POST if request.method == "POST" else request.GET)
    shown = merge_page.read(noun=noun, first=first, second=second, user=request.user, at=now, keeps=keeps, sides=sides)
    if request.htmx.target == "merge-preview":
        return render(request, "crm/merges/_preview.html", {"comparison": shown})
    form = MergeForm(sent(request), comparison=shown)
    if request.method == "POST":
        made = form.submit(merges.merge, by=request.user, at=now)
        if made is not None:
            return _made(request, made, shown.name)
        shown = merge_page.read(
            noun=noun, first=first, second=second, user=request.user, at=now, keeps=keeps, sides=sides
        )
    back = _back(request)
    crumbs = [(_("Duplicates"), back or reverse("crm:duplicate-list")), (_("Compare"), "")]
    pair = _pair(request, noun, first, second)
    context = {"comparison": shown, "form": form, "back": back, "crumbs": crumbs, "pair": pair}
    return render(request, "crm/merges/merge.html", context, status=422 if form.errors else 200)


def _merged_before(request: Any, noun: str, first: int, second: int) -> HttpResponse | None:
    """Where to go when one of the two has become part of another client: to that one, for who may see it."""
    if noun not in CLIENTS:
        raise Http404
    survivor = seen_survivor(noun, [first, second], request.user)
    if survivor is None:
        return None
    messages.info(request, _("This has been merged already. Here is the client that they are now."))
    return HttpResponseRedirect(reverse(f"crm:{noun}", args=[survivor]))


def _made(request: Any, made: Merge, name: str) -> HttpResponse:
    said = _("%(name)s is now part of %(kept)s.") % {"name": made.name, "kept": name}
    messages.success(request, said, extra_tags=reverse("crm:merge-undo", args=[made.pk]))
    return HttpResponseRedirect(_back(request) or reverse(f"crm:{made.noun}", args=[made.survivor]))


def _back(request: Any) -> str:
    """Where the person came from, if that is one of our pages: the list goes on with its next pair."""
    said = request.POST.get("next") or request.GET.get("next") or ""
    return said if url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}) else ""


def _pair(request: Any, noun: str, first: int, second: int) -> DuplicatePair | None:
    """The question that waits about these two, if there is one."""
    low, high = sorted((first, second))
    waiting = DuplicatePair.objects.visible_to(request.user).to_decide()
    return waiting.filter(noun=noun, first=low, second=high).first()


@require_http_methods(["GET", "POST"])
@needs(Permission.RECORD_MERGE)
def merge_with(request: Any, noun: str, pk: int) -> HttpResponse:
    """Choose the client that is the same as this one."""
    if noun not in CLIENTS:
        raise Http404
    model, action = CLIENTS[noun]
    mine = model.objects.visible_to(request.user, action)
    record = get_object_or_404(mine, pk=pk)
    form = OtherForm(sent(request), noun=noun, others=mine.exclude(pk=pk))
    if request.method == "POST" and form.is_valid():
        url = reverse("crm:merge", args=[noun, pk, form.cleaned_data["other"].pk])
        return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)
    return asked(request, "crm/merges/with.html", form, record=record)


@require_POST
@needs(Permission.RECORD_MERGE)
def picked(request: Any, noun: str) -> HttpResponse:
    """Compare the two that are selected in a list."""
    if noun not in CLIENTS:
        raise Http404
    ids = [one for one in request.POST.get("ids", "").split(",") if is_key(one)]
    if len(ids) != 2:
        return toast(HttpResponse(status=204), _("Select exactly two: those that are the same."), kind="watch")
    url = reverse("crm:merge", args=[noun, *sorted(map(int, ids))])
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


@require_GET
@needs(Permission.RECORD_MERGE)
def merge_list(request: Any) -> HttpResponse:
    """What was merged, by whom, and what can still be undone."""
    now = timezone.now()
    rows = Merge.objects.visible_to(request.user).named().select_related("by", "undone_by")[:SHOWN]
    return render(request, "crm/merges/list.html", {"merges": rows, "open_since": now - timedelta(days=UNDO_DAYS)})


@require_POST
@needs(Permission.RECORD_MERGE)
def undo(request: Any, pk: int) -> HttpResponse:
    """Take a merge apart again."""
    made = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    to = urlsplit(request.htmx.current_url or "").path or reverse("crm:merge-list")
    form = ServiceForm(request.POST)
    undone = form.submit(merges.undo, merge=made, by=request.user, at=timezone.now())
    if undone is None:
        return refused(request, form, to=to)
    messages.success(request, _("%(name)s is a client of its own again.") % {"name": made.name})
    if undone.touched:
        kept = ", ".join(merge_page.label(made.noun, name) for name in undone.touched)
        messages.warning(request, _("Changed since the merge, so left as it is: %(fields)s.") % {"fields": kept})
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
