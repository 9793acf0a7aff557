"""Somebody's own board: the reports that he looks at often, each coming by itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from reports.asking import finding
from reports.models import Pin
from reports.services import pins as service


@require_GET
@needs(Permission.REPORT_VIEW)
def dashboard(request: Any) -> HttpResponse:
    """The frames of the board; what stands in them is asked for one by one."""
    return render(request, "reports/saved/dashboard.html", {"pins": list(_pins(request))})


@require_GET
@needs(Permission.REPORT_VIEW)
def pin(request: Any, pk: int) -> HttpResponse:
    """What stands in one frame, or why there is nothing."""
    found = get_object_or_404(_pins(request), pk=pk)
    back = reverse("reports:dashboard")
    context = {"pin": found, "shown": finding.of_report(found.report, request.user, timezone.now(), back=back)}
    return render(request, "reports/saved/_pinned.html", context)


@require_POST
@needs(Permission.REPORT_VIEW)
def arrange(request: Any) -> HttpResponse:
    """Keep the order in which the frames were put."""
    keys = [int(one) for one in request.POST.get("pins", "").split(",") if one.isascii() and one.isdigit()]
    service.arrange(pins=keys[: service.MOST], by=request.user, at=timezone.now())
    return HttpResponse(status=204)


@require_POST
@needs(Permission.REPORT_VIEW)
def widen(request: Any, pk: int) -> HttpResponse:
    """Give a frame the whole width, or half of it."""
    found = get_object_or_404(_pins(request), pk=pk)
    wide = bool(request.POST.get("wide"))
    found = service.widen(pin=found, wide=wide, by=request.user, at=timezone.now())
    return render(request, "reports/saved/_pin.html", {"pin": found})


@require_POST
@needs(Permission.REPORT_VIEW)
def unpin(request: Any, pk: int) -> HttpResponse:
    """Take a report off the board."""
    found = get_object_or_404(_pins(request), pk=pk)
    service.unpin(report=found.report, by=request.user, at=timezone.now())
    return toast(HttpResponse(), _("%(name)s is off your dashboard.") % {"name": found.report.name})


def _pins(request: Any) -> Any:
    return Pin.objects.visible_to(request.user).select_related("report")
