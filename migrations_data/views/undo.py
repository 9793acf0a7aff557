"""The undo of an import: told before it is done, and what stayed afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import Refused
from migrations_data import undo_page
from migrations_data.models import Import, Status
from migrations_data.services import undo as service


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def undo(request: Any, pk: int) -> HttpResponse:
    """What an undo would do, and the button that does it; of an undone import, what stayed."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    if request.method == "POST":
        return _ask(request, of)
    if of.working:
        return redirect("migrations_data:import", of.pk)
    told = service.plan(of) if service.possible(of) else service.Plan()
    context = {
        "of": of,
        "undone": of.status == Status.UNDONE,
        "broken": of.status == Status.FAILED and of.undone_at is not None,
        "plan": told,
        "lines": undo_page.lines(told),
        "left": undo_page.left(of, told, request.user),
        "more": max(len(told.listed) - undo_page.LISTED, 0),
        "crumbs": _crumbs(of),
    }
    return render(request, "migrations_data/undo.html", context)


def _ask(request: Any, of: Import) -> HttpResponse:
    try:
        service.ask(of=of, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("migrations_data:import", of.pk)


def _crumbs(of: Import) -> list[tuple[str, str]]:
    when = formats.date_format(timezone.localtime(of.created_at), "j M Y H:i")
    return [
        (_("Import"), reverse("migrations_data:import-list")),
        (when, reverse("migrations_data:import", args=[of.pk])),
        (_("Undo"), ""),
    ]
