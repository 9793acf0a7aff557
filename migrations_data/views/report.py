"""The report of an import: the page, the same as files, the rows that come back, and closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import Refused
from crm import exports
from migrations_data import report_page
from migrations_data.models import Import, ImportFile
from migrations_data.reconciling import book, returned
from migrations_data.reconciling.standing import standing
from migrations_data.services import closing, taking_out
from migrations_data.services import report as service


def _one(request: Any, pk: int, action: Permission = Permission.IMPORT_VIEW) -> Import:
    found = Import.objects.visible_to(request.user, action).select_related("created_by", "closed_by")
    return get_object_or_404(found, pk=pk)


@require_GET
@needs(Permission.IMPORT_VIEW)
def report(request: Any, pk: int) -> HttpResponse:
    """Whether everything is in: rows, sums, clients, one by one. One that has not run yet is shown where it stands."""
    of = _one(request, pk)
    if not report_page.is_reported(of):
        return redirect("migrations_data:import", of.pk)
    shown = report_page.context(standing(of), request.user, chosen=request.GET.get("list", ""))
    return render(request, "migrations_data/report/report.html", shown)


@require_GET
@needs(Permission.IMPORT_VIEW)
def data(request: Any, pk: int) -> HttpResponse:
    """The whole report as a file, the same that the command prints."""
    of = _one(request, pk)
    answer = JsonResponse(service.as_dict(of), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="import-{of.pk}.json"'
    return answer


@require_POST
@needs(Permission.IMPORT_VIEW)
def excel(request: Any, pk: int) -> Any:
    """The report as a workbook."""
    of = _one(request, pk)
    taking_out.report(of=of, by=request.user)
    return exports.sent(exports.workbook(book.tables(standing(of))), f"import-{of.pk}.xlsx")


@require_POST
@needs(Permission.IMPORT_VIEW)
def rejected(request: Any, pk: int, file: int) -> Any:
    """The rows of a file that were not taken, in its own layout."""
    of = _one(request, pk)
    found = get_object_or_404(ImportFile, pk=file, of_import=of)
    taking_out.rows(file=found, by=request.user)
    return exports.sent(returned.workbook(found), returned.filename(found))


@require_POST
@needs(Permission.IMPORT_RUN)
def close(request: Any, pk: int) -> HttpResponse:
    """Say that the import is through. While an important client is missing, the report comes back and names them."""
    of = _one(request, pk, Permission.IMPORT_RUN)
    try:
        closing.close(of=of, by=request.user, at=timezone.now())
    except closing.StillMissing as refusal:
        shown = report_page.context(standing(of), request.user) | {"refused": refusal.message}
        return render(request, "migrations_data/report/report.html", shown, status=422)
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    else:
        messages.success(request, _("The import is closed."))
    return redirect("migrations_data:import-report", of.pk)
