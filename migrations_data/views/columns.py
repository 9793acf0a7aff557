"""The step of the columns: what each sheet is about and what its columns fill."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.policy import needs
from migrations_data import columns_page, pages
from migrations_data.forms import Columns, Kind, Parts
from migrations_data.models import Import, ImportSheet, Status
from migrations_data.services import columns as service
from migrations_data.services import imports, matches


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def columns(request: Any, pk: int) -> HttpResponse:
    """Look at what was recognised and correct it; sending it asks for the preview."""
    mine = Import.objects.visible_to(request.user, Permission.IMPORT_RUN)
    of = get_object_or_404(mine.select_related("profile"), pk=pk)
    if of.status not in (Status.READ, Status.PREVIEWED):
        return redirect("migrations_data:import", of.pk)
    sheets = list(ImportSheet.objects.filter(file__of_import=of).select_related("file__of_import"))
    form = Columns(sheets, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.submit(imports.confirm, of=of, by=request.user, at=timezone.now()):
        return redirect("migrations_data:import-words" if matches.unsure(of) else "migrations_data:import", of.pk)
    shown = columns_page.page(sheets, form)
    context = {
        "of": of,
        "form": form,
        "sheets": [one for one in shown if one.sheet.kind],
        "out": [one for one in shown if not one.sheet.kind],
        "steps": pages.steps(of),
        "empty": len(sheets) - len(shown),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "migrations_data/columns.html", context, status=status)


@require_POST
@needs(Permission.IMPORT_RUN)
def sheet(request: Any, pk: int) -> HttpResponse:
    """Say what a sheet is about, or where its header is; answers with its columns guessed anew."""
    found = _sheet(request, pk)
    asked = Kind(request.POST, auto_id=f"id_%s-{pk}")
    changed = asked.submit(service.set_kind, sheet=found, by=request.user)
    return _answer(request, found, kind=None if changed else asked, status=200 if changed else 422)


@require_POST
@needs(Permission.IMPORT_RUN)
def parts(request: Any, pk: int) -> HttpResponse:
    """Say what some rows of a sheet are: data after all, or totals and notes."""
    found = _sheet(request, pk)
    asked = Parts(request.POST, auto_id=f"id_%s-parts-{pk}")
    changed = asked.submit(service.set_parts, sheet=found, by=request.user)
    return _answer(request, found, said=None if changed else asked, status=200 if changed else 422)


def _sheet(request: Any, pk: int) -> ImportSheet:
    own = Import.objects.visible_to(request.user, Permission.IMPORT_RUN)
    return get_object_or_404(
        ImportSheet.objects.filter(file__of_import__in=own).select_related("file__of_import"), pk=pk
    )


def _answer(
    request: Any, found: ImportSheet, *, status: int, kind: Kind | None = None, said: Parts | None = None
) -> HttpResponse:
    """The sheet as it is now, open, with a form that was refused."""
    if not request.htmx:
        return redirect("migrations_data:import-columns", found.file.of_import_id)
    found.refresh_from_db()
    shown = columns_page.page([found], Columns([found]), kinds={found.pk: kind} if kind else None)
    if not shown:
        return HttpResponse(status=status)
    shown[0].look = True
    shown[0].parts = said or shown[0].parts
    return render(request, "migrations_data/_sheet_columns.html", {"one": shown[0]}, status=status)
