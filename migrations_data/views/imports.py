"""Imports: the list, the upload, and each step of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import can, needs
from accounts.refusals import Refused
from migrations_data import pages, report_page
from migrations_data.forms import Upload
from migrations_data.loading.loaders import LOADERS
from migrations_data.models import Import, ImportFile, ImportSheet, Status
from migrations_data.services import differences, imports

PAGE = 30


@require_GET
@needs(Permission.IMPORT_VIEW)
def import_list(request: Any) -> HttpResponse:
    """All imports that the person may see, the latest first."""
    before = request.GET.get("before", "")
    found = Import.objects.visible_to(request.user).select_related("created_by").order_by("-pk")
    if before.isdecimal() and before.isascii() and len(before) < 16:
        found = found.filter(pk__lt=int(before))
    found = found.prefetch_related(Prefetch("files", ImportFile.objects.order_by("position")))
    sums = {name: Sum(f"files__sheets__{name}", default=0) for name in ("created", "updated", "rejected")}
    listed = list(found.annotate(**sums)[: PAGE + 1])
    more = f"?before={listed[PAGE - 1].pk}" if len(listed) > PAGE else ""
    shown = [{"of": one, "state": _state(one)} for one in listed[:PAGE]]
    context = {"imports": shown, "next": more, "may_import": can(request.user, Permission.IMPORT_RUN)}
    return render(request, "migrations_data/list.html", context)


def _state(of: Import) -> str:
    return pages.STATES.get(Status(of.status), "running")


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def new(request: Any) -> HttpResponse:
    """Upload the tables."""
    form = Upload(request.POST, request.FILES) if request.method == "POST" else Upload()
    if request.method == "POST":
        made = form.submit(imports.upload, by=request.user, at=timezone.now())
        if made is not None:
            return redirect("migrations_data:import", made.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "migrations_data/new.html", {"form": form, "steps": pages.steps(None)}, status=status)


@require_GET
@needs(Permission.IMPORT_VIEW)
def one(request: Any, pk: int) -> HttpResponse:
    """An import at the step where it stands."""
    of = get_object_or_404(Import.objects.visible_to(request.user).select_related("created_by"), pk=pk)
    runs = can(request.user, Permission.IMPORT_RUN, of)
    if of.status == Status.LOCKED and runs:
        return redirect("migrations_data:import-unlock", of.pk)
    if of.status in (Status.READ, Status.PREVIEWED) and runs and differences.waiting(of).exists():
        return redirect("migrations_data:import-differences", of.pk)
    if of.status == Status.READ and runs:
        return redirect("migrations_data:import-columns", of.pk)
    if of.undone_at and runs and not of.working:
        return redirect("migrations_data:import-undo", of.pk)
    if report_page.is_reported(of):
        return redirect("migrations_data:import-report", of.pk)
    context: dict[str, Any] = {"of": of, "steps": pages.steps(of), "may_run": runs}
    if of.working:
        return render(request, "migrations_data/progress.html", context | _progress(request, of))
    if of.status == Status.PREVIEWED:
        return render(request, "migrations_data/result.html", context | _result(of))
    return render(request, "migrations_data/stopped.html", context)


def _result(of: Import) -> dict[str, Any]:
    sheets = list(ImportSheet.objects.filter(file__of_import=of).select_related("file"))
    totals = pages.totals(sheets)
    counts = {tally["name"]: tally["count"] for tally in totals}
    return {
        "sheets": pages.figures(sheets),
        "left_out": [sheet for sheet in sheets if not sheet.kind],
        "totals": totals,
        "counts": counts,
        "taken": counts["created"] + counts["updated"] + counts["merged"],
    }


def _progress(request: Any, of: Import) -> dict[str, Any]:
    """How far the work is."""
    first = (
        ImportSheet.objects.filter(file__of_import=of, kind__in=LOADERS).order_by("file__position", "position").first()
    )
    return {
        "speed": pages.speed(of),
        "label": Status(of.status).label,
        "first": first if of.status == Status.PREVIEWING else None,
        "may_cancel": of.status in imports.STOPPABLE and can(request.user, Permission.IMPORT_RUN, of),
    }


@require_GET
@needs(Permission.IMPORT_VIEW)
def progress(request: Any, pk: int) -> HttpResponse:
    """How far the work is; goes on to the next step when it is through."""
    of = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    if not of.working:
        return HttpResponseClientRedirect(reverse("migrations_data:import", args=[of.pk]))
    return render(request, "migrations_data/_progress.html", {"of": of, **_progress(request, of)})


@require_POST
@needs(Permission.IMPORT_RUN)
def run(request: Any, pk: int) -> HttpResponse:
    """Import what the preview showed, or go on where a run was broken off."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    try:
        imports.run(of=of, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("migrations_data:import", of.pk)


@require_POST
@needs(Permission.IMPORT_RUN)
def cancel(request: Any, pk: int) -> HttpResponse:
    """Stop a preview or a run."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    try:
        imports.cancel(of=of, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("migrations_data:import", of.pk)


@require_POST
@needs(Permission.IMPORT_RUN)
def give_up(request: Any, pk: int) -> HttpResponse:
    """Forget an import that was not run."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    try:
        imports.give_up(of=of, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
        return redirect("migrations_data:import", of.pk)
    messages.success(request, _("The import is forgotten. Nothing of it was kept."))
    return redirect("migrations_data:import-list")
