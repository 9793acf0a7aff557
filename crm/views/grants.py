"""The coordinator's access to clients and deals, in the open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.policy import holds, needs, scope
from crm.forms.settings import TakeGrant
from crm.models import Grant
from crm.services import grants

SHOWN = 100


@require_http_methods(["GET", "POST"])
@needs(Permission.GRANT_VIEW)
def grant(request: Any) -> HttpResponse:
    """Every access that was taken; whoever may, takes one here."""
    now, may_take = timezone.now(), holds(request.user, Permission.GRANT_TAKE)
    form = TakeGrant(request.POST or None)
    if request.method == "POST" and form.submit(grants.take, by=request.user, at=now):
        messages.success(request, _("Clients and deals are open to you. The owners have been told."))
        return redirect("crm:grant")
    taken = Grant.objects.filter(scope(request.user, Permission.GRANT_VIEW)).select_related("user")[:SHOWN]
    mine = Grant.objects.in_force(now).filter(user=request.user).first()
    context = {"form": form, "grants": taken, "mine": mine, "may_take": may_take, "now": now}
    return render(request, "crm/grants/grants.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Permission.GRANT_TAKE)
def end(request: Any, pk: int) -> HttpResponse:
    """Give the access back before its time."""
    taken = get_object_or_404(Grant, scope(request.user, Permission.GRANT_TAKE), pk=pk, user=request.user)
    grants.end(grant=taken, by=request.user, at=timezone.now())
    messages.success(request, _("Clients and deals are closed to you again."))
    return redirect("crm:grant")
