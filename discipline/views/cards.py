"""Scorecards: the list, and one day of one person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from discipline import card_list as listing
from discipline import card_page, corrections


@require_safe
@needs(Permission.CARD_VIEW)
def card_list(request: HttpRequest) -> HttpResponse:
    """Own scorecards, or those of one's people."""
    asked = listing.Asked.of(request.GET)
    rows, following = listing.read(request.user, asked)
    context = {"asked": asked, "rows": rows, "following": following, "teams": listing.teams_for(request.user)}
    return render(request, "discipline/cards/list.html", context)


@require_safe
@needs(Permission.CARD_VIEW)
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One scored day, with the instants it was measured by."""
    found = get_object_or_404(card_page.find(request.user), pk=pk)
    page = card_page.read(found, request.user)
    context = {
        "page": page,
        "card": found,
        "corrections": page.corrections,
        "may_correct": page.may_correct,
        "appeals_until": corrections.appeals_until(found, request.user, timezone.now()),
    }
    return render(request, "discipline/cards/card.html", context)
