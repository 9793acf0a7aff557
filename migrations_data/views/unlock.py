"""The password of a workbook that is kept under one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from migrations_data import pages
from migrations_data.models import Import, Status
from migrations_data.services import unlocking


class Password(ServiceForm):
    """What opens the workbook. It is not stripped: spaces may be part of it."""

    password = forms.CharField(
        label=_("Password of the workbook"),
        max_length=255,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text=_("It is used once, to open the workbook, and kept nowhere."),
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_RUN)
def unlock(request: Any, pk: int) -> HttpResponse:
    """Ask for the password, and read the workbook with it."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    if of.status != Status.LOCKED:
        return redirect("migrations_data:import", of.pk)
    form = Password(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.submit(unlocking.unlock, of=of, by=request.user, at=timezone.now()):
        return redirect("migrations_data:import", of.pk)
    context = {"of": of, "form": form, "steps": pages.steps(of)}
    return render(request, "migrations_data/unlock.html", context, status=422 if form.errors else 200)
