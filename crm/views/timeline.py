"""The timeline of a record: narrowed to a kind, or the page before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from accounts.policy import needs
from crm import timeline
from crm.models import Company, Contact, Deal

NOUNS: dict[str, Any] = {"company": Company, "contact": Contact, "deal": Deal}


@require_GET
@needs(Permission.ACTIVITY_VIEW)
def show(request: Any, noun: str, pk: int) -> HttpResponse:
    """The whole timeline, or only the entries before those that are shown."""
    if noun not in NOUNS:
        raise Http404
    get_object_or_404(NOUNS[noun].objects.visible_to(request.user), pk=pk)
    after = request.GET.get("after", "")
    shown = timeline.read(
        noun=noun, pk=pk, user=request.user, at=timezone.now(), kind=request.GET.get("kind", ""), after=after,
        begun=_day(request.GET.get("begun", "")),
    )  # fmt: skip
    return render(request, f"crm/timeline/{'_days' if after else '_timeline'}.html", {"timeline": shown})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
