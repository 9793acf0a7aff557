"""The step of the words: what people, stages, reasons and kinds of the tables are called here."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.policy import needs
from migrations_data import pages
from migrations_data.matches_page import Words
from migrations_data.models import Import, Status
from migrations_data.services import imports


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def words(request: Any, pk: int) -> HttpResponse:
    """Look at what each word was taken for and correct it; sending it asks for the preview."""
    own = Import.objects.visible_to(request.user, Permission.IMPORT_RUN).select_related("created_by")
    of = get_object_or_404(own, pk=pk)
    if of.status not in (Status.READ, Status.PREVIEWED):
        return redirect("migrations_data:import", of.pk)
    form = Words(of, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.submit(imports.confirm_words, of=of, by=request.user, at=timezone.now()):
        return redirect("migrations_data:import", of.pk)
    context = {"of": of, "form": form, "sections": form.sections(), "steps": pages.steps(of)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "migrations_data/words.html", context, status=status)
