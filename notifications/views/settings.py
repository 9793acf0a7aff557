"""Everybody's own page about his alerts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.policy import needs
from notifications import courtesy, kinds
from notifications.forms.settings import AlertSettings
from notifications.services import settings


@require_http_methods(["GET", "POST"])
@needs(Permission.MESSAGE_VIEW)
def alerts(request: Any) -> HttpResponse:
    """Which alerts come by mail, and when nobody is to be disturbed."""
    form = AlertSettings(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST":
        form.submit(settings.put, by=request.user, at=timezone.now())
        if not form.errors:
            messages.success(request, _("Saved. It holds for everything that goes out from now on."))
            return redirect("notifications:alert-settings")
    context = {"form": form, "always": kinds.always_for(request.user), "most": courtesy.MOST_A_DAY}
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)
