"""The company's settings."""

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
from crm.forms.settings import SettingsForm
from crm.models import CompanySettings
from crm.services import settings as services


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTINGS_EDIT)
def settings(request: Any) -> HttpResponse:
    """Name, next-step rule, currency, country; and the way to everything else that is set up."""
    current = CompanySettings.current()
    initial = {name: getattr(current, name) for name in SettingsForm.base_fields if hasattr(current, name)}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.submit(services.change, by=request.user, at=timezone.now()):
        messages.success(request, _("Saved."))
        return redirect("crm:settings")
    return render(request, "crm/settings/settings.html", {"form": form}, status=422 if form.errors else 200)
