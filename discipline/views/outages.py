"""Outages: declared and withdrawn by the coordinator, and by heads for their teams."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.permissions import Permission
from accounts.policy import needs
from crm.views.answers import ask, sent
from discipline import hours_page
from discipline.forms.hours import OutageForm
from discipline.models import Outage
from discipline.services import outages

SHOWN = 50


@require_safe
@needs(Permission.OUTAGE_DECLARE)
def outage_list(request: Any) -> HttpResponse:
    """The last outages that concern the reader's people."""
    rows = Outage.objects.filter(_seen(request.user)).select_related("team", "declared_by")[:SHOWN]
    context = {"rows": rows, "heads_own": request.user.role == Role.HEAD}
    return render(request, "discipline/hours/outages.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.OUTAGE_DECLARE)
def new(request: Any) -> HttpResponse:
    """Declare what did not work, and when."""
    whole = request.user.role != Role.HEAD
    form = OutageForm(sent(request), teams=hours_page.teams(request.user), whole_company=whole)
    return ask(
        request, form, outages.declare, at=timezone.now(), template="discipline/hours/outage.html",
        said=lambda outage: _("Declared. Days that are still open are judged without it."), changed=[],
        to=reverse("discipline:outage-list"), leaves=True,
    )  # fmt: skip


@require_POST
@needs(Permission.OUTAGE_DECLARE)
def withdraw(request: Any, pk: int) -> HttpResponse:
    """Take a declaration back."""
    mine = _seen(request.user)
    if request.user.role == Role.HEAD:
        mine &= Q(team__isnull=False)
    outage = get_object_or_404(Outage.objects.filter(mine).select_related("team"), pk=pk)
    outages.withdraw(outage=outage, by=request.user, at=timezone.now())
    messages.success(request, _("Withdrawn. Days that are closed keep what they knew."))
    return redirect("discipline:outage-list")


def _seen(user: Any) -> Q:
    """A head sees what was declared for his teams, or for everybody; the coordinator all."""
    if user.role != Role.HEAD:
        return Q()
    return Q(team__isnull=True) | Q(team__in=hours_page.teams(user).order_by().values("pk"))
