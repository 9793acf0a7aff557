"""What a point is worth, kept by the owner."""

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
from crm.models import CompanySettings
from discipline import pay_page
from discipline.forms.settlements import SetPay
from discipline.services import pay as services


@require_http_methods(["GET", "POST"])
@needs(Permission.PAY_EDIT)
def pay(request: Any) -> HttpResponse:
    """The rates in force with what they come to, all that were ever set, and the form of a new one."""
    today = timezone.localdate()
    initial = {"starts_on": today, "cap_percent": 100}
    form = SetPay(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and form.submit(services.set_rule, by=request.user, at=timezone.now()):
        messages.success(request, _("Saved. It holds from its day on."))
        return redirect("discipline:pay")
    context = {"form": form, "page": pay_page.read(today), "currency": CompanySettings.current().currency}
    return render(request, "discipline/settlements/pay.html", context, status=422 if form.errors else 200)
