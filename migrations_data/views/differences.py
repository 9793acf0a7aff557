"""Where two ways of reading a file do not agree: looked at and accepted before anything is imported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.policy import needs
from migrations_data import pages
from migrations_data.models import Import
from migrations_data.services import differences as service


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def differences(request: Any, pk: int) -> HttpResponse:
    """Show what two readers made of each file that waits; sending it accepts one file, or all of them."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    waiting = list(service.waiting(of))
    if request.method == "POST":
        for file in waiting:
            if request.POST.get("file", str(file.pk)) == str(file.pk):
                service.accept(file=file, by=request.user, at=timezone.now())
                messages.success(request, _("%(file)s is taken as it was read.") % {"file": file.name})
        return redirect("migrations_data:import", of.pk)
    if not waiting:
        return redirect("migrations_data:import", of.pk)
    return render(request, "migrations_data/differences.html", {"of": of, "files": waiting, "steps": pages.steps(of)})
