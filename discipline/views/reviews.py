"""The head's review of a morning by keyboard, mouse or touch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from discipline import review, team_tabs
from discipline.forms.reviews import ReviewForm
from discipline.services import reviews


@require_safe
@needs(Permission.CARD_REVIEW)
def show(request: Any) -> HttpResponse:
    """All cards of one day, the selected one with its rules; htmx gets the screen alone."""
    screen = review.read(request.user, request.GET, timezone.now())
    if request.htmx.target == "review":
        return render(request, "discipline/review/_screen.html", {"screen": screen})
    return render(request, "discipline/review/page.html", {"screen": screen, "tabs": team_tabs.tabs(request, "review")})


@require_POST
@needs(Permission.CARD_REVIEW)
def mark(request: Any, pk: int) -> HttpResponse:
    """Reviewed: answers with the next card that is not."""
    card = get_object_or_404(review.cards_for(request.user), pk=pk)
    form, now = ReviewForm(request.POST, card=card, user=request.user), timezone.now()
    done = form.submit(reviews.review, card=card, by=request.user, at=now)
    if done is None:
        return _refused(request, form, card)
    screen = review.read(request.user, {"day": card.day.isoformat()}, now)
    following = review.next_after(screen.cards, pk)
    if following is not None:
        screen = review.read(request.user, {"day": card.day.isoformat(), "card": str(following.pk)}, now)
    to = review.address(following or card)
    if not request.htmx:
        return HttpResponseRedirect(to)
    return replace_url(render(request, "discipline/review/_screen.html", {"screen": screen}), to)


def _refused(request: Any, form: ReviewForm, card: Any) -> HttpResponse:
    reason = next(str(errors[0]) for errors in form.errors.values())
    if request.htmx:
        return toast(HttpResponse(status=422, headers={"HX-Reswap": "none"}), reason, kind="watch")
    messages.warning(request, reason)
    return HttpResponseRedirect(review.address(card))
