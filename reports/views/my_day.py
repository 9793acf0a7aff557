"""My day: the first page after signing in, whatever somebody's role is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import holds, needs
from reports.morning import Morning
from reports.my_day import MyDay
from reports.oversight import Upkeep

ABOVE: dict[str, Any] = {Role.HEAD: Morning, Role.ADMIN: Upkeep}
"""What stands above one's own day, by role."""


@require_GET
@needs(Permission.CARD_VIEW)
def my_day(request: Any) -> HttpResponse:
    """The page; htmx gets its inside when something changed. An owner's day begins with the company."""
    if holds(request.user, Permission.OVERVIEW_VIEW):
        return redirect("reports:company")
    fragment = request.htmx.target == "my-day"
    response = render(request, "reports/_my_day.html" if fragment else "reports/my_day.html", _context(request.user))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_GET
@needs(Permission.CARD_VIEW)
def preview(request: Any) -> HttpResponse:
    """Today's card as it stands, asked for every minute."""
    return render(request, "reports/_my_day_preview.html", {"day": MyDay(request.user, timezone.now())})


def _context(user: User) -> dict[str, Any]:
    now = timezone.now()
    above = ABOVE.get(user.role)
    works = user.role in (Role.MANAGER, Role.HEAD)
    day = MyDay(user, now).gather() if works else MyDay(user, now)
    return {"day": day, "above": above(user, now) if above else None, "works": works}
