"""One fact changed where it stands: shown, asked, saved."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import close_dialog
from crm import client_rows, inline
from crm.forms.inline import VERBS, editor
from crm.views.answers import asked, sent

SAVED = "fact-saved"
"""What the rest of the page hears when a fact is another."""


@require_http_methods(["GET", "POST"])
@needs(Permission.REFERENCE_VIEW)
def fact(request: Any, noun: str, pk: int, name: str) -> HttpResponse:
    """The editor of a fact, or with ?shown the fact as it is; sent, it is saved and shown. 422 with the editor when it is refused."""
    if noun not in inline.MODELS or not inline.is_fact(noun, name):
        raise Http404
    if request.method == "GET" and "shown" in request.GET:
        return _shown(request, noun, pk, name)
    rows: Any = inline.MODELS[noun]._default_manager
    record = get_object_or_404(rows.visible_to(request.user, inline.EDIT[noun]), pk=pk)
    about = inline.Fact(noun, pk, name, inline.label(noun, name))
    form = editor(noun, record, request.user, name, data=sent(request), id=about.id)
    if form is None:
        raise Http404
    if request.method == "POST":
        saved = form.submit(VERBS[noun].edit, by=request.user, at=timezone.now(), **{noun: record})
        if saved is not None:
            return trigger_client_event(_shown(request, noun, pk, name), SAVED, {"noun": noun, "pk": pk, "name": name})
        if form.clash:
            return reswap(retarget(asked(request, "", form), "#dialog"), "innerHTML")
    status = 422 if form.errors else 200
    return render(request, "crm/inline/_edit.html", {"fact": about, "form": form, "field": form[name]}, status=status)


def _shown(request: Any, noun: str, pk: int, name: str) -> HttpResponse:
    """The fact as it is now; a dialog that asked closes, and the fact goes to its place."""
    record = get_object_or_404(client_rows.records(noun, request.user), pk=pk)
    shown = inline.one(noun, record, request.user, name, may_edit=record.may_edit)
    if shown is None:
        raise Http404
    in_dialog = request.htmx.target == "dialog"
    response = render(request, "crm/inline/_value.html", {"fact": shown, "oob": in_dialog})
    return close_dialog(reswap(response, "none")) if in_dialog else response
