"""Many records changed in one go: the dialog of each verb with its preview, the way back, and one's last changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import NotAllowed, Refused
from crm import bulk_page
from crm.forms.bulk import FORMS, ManyForm
from crm.lists.selection import selected
from crm.models import BulkChange
from crm.services import bulk_changes
from crm.services.bulk_changes import NothingChosen
from crm.views.answers import asked, done, refused

EVENTS = ("list-changed", "tasks-changed", "deals-changed", "day-changed")
STEPS = ("preview", "apply")


@require_POST
@needs(Permission.RECORD_BULK)
def change(request: Any, noun: str, verb: str) -> HttpResponse:
    """The dialog of a verb for the chosen records; `step` is empty to ask, "preview" to count, "apply" to do it."""
    buttons = (
        {one["verb"]: one for one in bulk_page.verbs_for(request.user, noun)} if noun in bulk_changes.MODELS else {}
    )
    if verb not in buttons:
        raise Http404
    now, step = timezone.now(), request.POST.get("step", "")
    bound = step in STEPS
    form = FORMS[verb](
        request.POST if bound else None, noun=noun, user=request.user, at=now, initial=_which(request.POST)
    )
    if step == "preview":
        return _previewed(request, form, noun, verb)
    if step == "apply":
        rows = _rows(form, noun) if form.is_valid() else None
        if rows is not None and (
            made := form.submit(bulk_changes.apply, noun=noun, verb=verb, rows=rows, by=request.user, at=now)
        ):
            undo = reverse("crm:bulk-undo", args=[made.pk])
            return done(request, bulk_page.done_words(made), *EVENTS, to=reverse("crm:bulk-list"), undo_url=undo)
    return asked(request, "crm/lists/bulk.html", form, noun=noun, verb=verb, word=buttons[verb]["label"])


def _which(data: Mapping[str, Any]) -> dict[str, Any]:
    """The selection, and what was chosen already when the dialog is drawn again."""
    return {name: data[name] for name in ("ids", "query", "every", "field", "key") if data.get(name)}


def _rows(form: ManyForm, noun: str) -> Any:
    """The chosen records; None, with the reason on the form, when nothing is chosen."""
    chosen = form.chosen
    if chosen is None:
        form.add_error(None, str(NothingChosen.message))
        return None
    ids, query = chosen
    return selected(noun, form.user, query, ids, form.at)


def _previewed(request: Any, form: ManyForm, noun: str, verb: str) -> HttpResponse:
    """How many would change and how many would stay, and why; what still has to be filled in is asked for in words."""
    told, why = None, ""
    if form.is_valid() and (rows := _rows(form, noun)) is not None:
        try:
            found = bulk_changes.preview(noun=noun, verb=verb, facts=form.facts(), rows=rows, by=form.user, at=form.at)
        except NotAllowed as refusal:
            raise Http404 from refusal
        except Refused as refusal:
            why = str(refusal.message)
        else:
            told = bulk_page.told(noun, found)
    return render(request, "crm/lists/_preview.html", {"told": told, "why": why, "form": form, "verb": verb})


@require_GET
@needs(Permission.RECORD_BULK)
def bulk_list(request: Any) -> HttpResponse:
    """One's own last changes of many records, each with its way back."""
    changes = bulk_page.lately(request.user, timezone.now())
    template = "crm/lists/_changes.html" if request.htmx.target == "bulk-changes" else "crm/lists/changes.html"
    return render(request, template, {"changes": changes})


@require_POST
@needs(Permission.RECORD_BULK)
def undo(request: Any, pk: int) -> HttpResponse:
    """Take one of one's own changes back, as far as nobody touched the records since."""
    change = get_object_or_404(BulkChange.objects.visible_to(request.user), pk=pk)
    form, to = ServiceForm(request.POST), reverse("crm:bulk-list")
    undone = form.submit(bulk_changes.undo, change=change, by=request.user, at=timezone.now())
    if undone is None:
        return refused(request, form, to=to)
    return done(request, bulk_page.undone_words(undone), *EVENTS, to=to) if request.htmx else HttpResponseRedirect(to)
