"""The head's morning, and the agenda of his stand-up on paper."""

from __future__ import annotations

from datetime import MAXYEAR, date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from reports.behind.asked import FIRST_YEAR
from reports.morning import Morning


@require_safe
@needs(Permission.MORNING_VIEW)
def show(request: Any) -> HttpResponse:
    """Where somebody needs the head now; with a day, as it was that morning."""
    return render(request, "reports/morning/page.html", _morning(request).context)


@require_safe
@needs(Permission.MORNING_VIEW)
def agenda(request: Any) -> HttpResponse:
    """The stand-up on one sheet, with room for what is decided."""
    return render(request, "reports/morning/agenda.html", _morning(request).context)


def _morning(request: Any) -> Morning:
    asked = request.GET
    return Morning(
        request.user,
        timezone.now(),
        day=_day(asked.get("day", "")),
        only=asked.get("only", ""),
        back=request.get_full_path(),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= day.year < MAXYEAR:
        raise Http404
    return day
