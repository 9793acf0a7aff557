"""The health of the control itself, and another try for a dead day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.policy import holds, needs
from discipline.models import ClosingAttempt
from discipline.services import attempts
from discipline.upkeep import Upkeep


@require_safe
@needs(Permission.UPKEEP_VIEW)
def upkeep(request: HttpRequest) -> HttpResponse:
    """What was not closed, what came out differently, who has not signed, who does not review."""
    context = {"upkeep": Upkeep(timezone.now()), "may_retry": holds(request.user, Permission.UPKEEP_RETRY)}
    return render(request, "discipline/upkeep/page.html", context)


@require_POST
@needs(Permission.UPKEEP_RETRY)
def retry(request: Any, pk: int) -> HttpResponse:
    """Let a dead day be tried again by the next run of the planner."""
    tried = get_object_or_404(ClosingAttempt.objects.select_related("team"), pk=pk)
    attempts.retry(team=tried.team, day=tried.day, by=request.user)
    messages.success(request, _("The day is tried again within ten minutes."))
    return redirect("discipline:upkeep")
