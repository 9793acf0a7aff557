"""The step of the columns: what each sheet is about and what its columns fill."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.policy import needs
from migrations_data import pages
from migrations_data.forms import Columns, Kind
from migrations_data.models import Import, ImportSheet, Status
from migrations_data.services import columns as service
from migrations_data.services import imports, matches


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def columns(request: Any, pk: int) -> HttpResponse:
    """Look at what was recognised and correct it; sending it asks for the preview."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    if of.status not in (Status.READ, Status.PREVIEWED):
        return redirect("migrations_data:import", of.pk)
    sheets = list(ImportSheet.objects.filter(file__of_import=of).select_related("file"))
    form = Columns(sheets, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.submit(imports.confirm, of=of, by=request.user, at=timezone.now()):
        return redirect("migrations_data:import-words" if matches.unsure(of) else "migrations_data:import", of.pk)
    filled = [sheet for sheet in sheets if sheet.rows_in]
    shown = [pages.sheet_columns(sheet, _kind(sheet), form) for sheet in filled]
    context = {"of": of, "form": form, "sheets": shown, "steps": pages.steps(of), "empty": len(sheets) - len(filled)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "migrations_data/columns.html", context, status=status)


def _kind(sheet: ImportSheet) -> Kind:
    return Kind(initial={"kind": sheet.kind, "header_row": sheet.header_row}, auto_id=f"id_%s-{sheet.pk}")


@require_POST
@needs(Permission.IMPORT_RUN)
def sheet(request: Any, pk: int) -> HttpResponse:
    """Say what a sheet is about, or where its header is; answers with its columns guessed anew."""
    own = Import.objects.visible_to(request.user, Permission.IMPORT_RUN)
    found = get_object_or_404(
        ImportSheet.objects.filter(file__of_import__in=own).select_related("file__of_import"), pk=pk
    )
    asked = Kind(request.POST, auto_id=f"id_%s-{pk}")
    changed = asked.submit(service.set_kind, sheet=found, by=request.user)
    if not request.htmx:
        return redirect("migrations_data:import-columns", found.file.of_import_id)
    found.refresh_from_db()
    shown = pages.sheet_columns(found, _kind(found) if changed else asked, Columns([found]))
    return render(request, "migrations_data/_sheet_columns.html", {"one": shown}, status=200 if changed else 422)
