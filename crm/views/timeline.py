"""The timeline of a record: narrowed to a kind, a person, a period, or the page before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import replace_url

from accounts.permissions import Permission
from accounts.policy import needs
from crm import timeline
from crm.models import Company, Contact, Deal

NOUNS: dict[str, Any] = {"company": Company, "contact": Contact, "deal": Deal}


@require_GET
@needs(Permission.ACTIVITY_VIEW)
def show(request: Any, noun: str, pk: int) -> HttpResponse:
    """The entries that are asked for, or only those before the ones that are shown; the page's address says what is asked."""
    if noun not in NOUNS:
        raise Http404
    get_object_or_404(NOUNS[noun].objects.visible_to(request.user), pk=pk)
    after = request.GET.get("after", "")
    shown = timeline.read(
        noun=noun, pk=pk, user=request.user, at=timezone.now(), narrowed=timeline.Narrowed.read(request.GET), after=after,
        begun=_day(request.GET.get("begun", "")),
    )  # fmt: skip
    if after:
        return render(request, "crm/timeline/_days.html", {"timeline": shown})
    response = render(request, "crm/timeline/_entries.html", {"timeline": shown})
    asked = shown.narrowed.query
    if request.htmx.trigger != "timeline-filters":
        return response
    return replace_url(response, f"{shown.home}?{asked}" if asked else shown.home)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
