"""Rows of a sheet, as they are in the file, with what became of them; a row put right where it stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import Refused
from migrations_data import rows_page
from migrations_data.models import Import, ImportRow, ImportSheet
from migrations_data.services import imports

LONGEST = 5000


@require_GET
@needs(Permission.IMPORT_VIEW)
def rows(request: Any, pk: int) -> HttpResponse:
    """A page of rows, all or of one outcome; the table alone to htmx, a whole page to a browser without scripts. Who waits for the
    first `judged` rows gets nothing while there are none."""
    seen = Import.objects.visible_to(request.user)
    sheet = get_object_or_404(
        ImportSheet.objects.filter(file__of_import__in=seen).select_related("file__of_import"), pk=pk
    )
    after, judged = request.GET.get("after", ""), "judged" in request.GET
    page = rows_page.rows_page(
        sheet,
        request.user,
        outcome=request.GET.get("outcome", ""),
        after=int(after) if after.isdecimal() and after.isascii() and len(after) < 9 else 0,
        judged=judged,
    )
    if judged and request.htmx and not page.rows:
        return HttpResponse(status=204)
    template = "migrations_data/_rows.html" if request.htmx else "migrations_data/rows.html"
    return render(request, template, {"page": page, "of": sheet.file.of_import})


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def row(request: Any, pk: int) -> HttpResponse:
    """Put cells of a row right: asked, the form in the row's place; sent, the row as it was judged with them."""
    mine = Import.objects.visible_to(request.user, Permission.IMPORT_RUN)
    found = get_object_or_404(
        ImportRow.objects.filter(sheet__file__of_import__in=mine).select_related("sheet__file__of_import"), pk=pk
    )
    refusal = None
    if request.method == "POST":
        try:
            imports.correct(row=found, cells=_cells(found, request.POST), by=request.user, at=timezone.now())
        except Refused as refused:
            refusal = str(refused.message)
        found.refresh_from_db()
        found.sheet.refresh_from_db()
    is_done = "back" in request.GET or (request.method == "POST" and refusal is None)
    if request.method == "POST" and not request.htmx and refusal is None:
        return redirect(
            f"{reverse('migrations_data:import-rows', args=[found.sheet_id])}?after={max(found.number - 1, 0)}"
        )
    shown = rows_page.one_row(found, request.user, all_columns=not is_done)
    context = {
        "row": shown,
        "of": found.sheet.file.of_import,
        "sheet": found.sheet,
        "width": len(rows_page.shown_columns(found.sheet)) + 2,
        "refusal": refusal,
        "focus": is_done,
    }
    template = "migrations_data/_row.html" if is_done else "migrations_data/_row_form.html"
    if not request.htmx:
        template = "migrations_data/row.html"
    return render(request, template, context, status=422 if refusal else 200)


def _cells(row: ImportRow, sent: Any) -> dict[int, str]:
    """The cells that were sent, by the index of their column."""
    named = {f"cell-{column['index']}": int(column["index"]) for column in rows_page.filled_columns(row.sheet)}
    return {index: sent[name].replace("\r\n", "\n")[:LONGEST] for name, index in named.items() if name in sent}
