"""Scorecards: the list, and one day of one person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from discipline import card_list as listing
from discipline import card_page
from discipline.models import Scorecard


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
    cards = Scorecard.objects.visible_to(request.user).select_related("user", "team", "version__scheme")
    page = card_page.read(get_object_or_404(cards, pk=pk), request.user)
    return render(request, "discipline/cards/card.html", {"page": page, "card": page.card})
