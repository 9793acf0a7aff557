"""Rows of a sheet, as they are in the file, with what became of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from accounts.policy import needs
from migrations_data import pages
from migrations_data.models import Import, ImportSheet


@require_GET
@needs(Permission.IMPORT_VIEW)
def rows(request: Any, pk: int) -> HttpResponse:
    """A page of rows, all or of one outcome; the table alone to htmx, a whole page to a browser without scripts."""
    seen = Import.objects.visible_to(request.user)
    sheet = get_object_or_404(
        ImportSheet.objects.filter(file__of_import__in=seen).select_related("file__of_import"), pk=pk
    )
    after = request.GET.get("after", "")
    page = pages.rows_page(
        sheet,
        request.user,
        outcome=request.GET.get("outcome", ""),
        after=int(after) if after.isdecimal() and after.isascii() and len(after) < 9 else 0,
    )
    template = "migrations_data/_rows.html" if request.htmx else "migrations_data/rows.html"
    return render(request, template, {"page": page, "of": sheet.file.of_import})
