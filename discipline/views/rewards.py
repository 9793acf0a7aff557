"""Rewards: the catalogue, taking one, and the head's answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from accounts.policy import needs
from crm.views.answers import ask, sent
from discipline.forms.rewards import ClaimForm, DecideClaim, RewardForm
from discipline.models import ClaimStatus, Reward, RewardClaim
from discipline.reward_page import RewardPage
from discipline.services import rewards
from discipline.unsettled import spendable

CHANGED = ("rewards-changed",)


@require_GET
@needs(Permission.REWARD_VIEW)
def reward_list(request: Any) -> HttpResponse:
    """What is offered, and one's own points; htmx gets the inside when something changed."""
    fragment = request.htmx.target == "rewards"
    template = "discipline/rewards/_rewards.html" if fragment else "discipline/rewards/list.html"
    response = render(request, template, {"page": RewardPage(request.user)})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_http_methods(["GET", "POST"])
@needs(Permission.REWARD_EDIT)
def new(request: Any) -> HttpResponse:
    """One more reward."""
    return ask(
        request, RewardForm(sent(request)), rewards.add, at=timezone.now(), template="discipline/rewards/new.html",
        said=lambda reward: _("%(reward)s is offered.") % {"reward": reward.name}, changed=CHANGED, to=reverse("discipline:reward-list"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.REWARD_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """What it is, what it costs, whether it is offered."""
    reward = get_object_or_404(Reward, pk=pk)
    initial = {name: getattr(reward, name) for name in ("name", "description", "points", "active")}
    return ask(
        request, RewardForm(sent(request), initial=initial), rewards.edit, at=timezone.now(), template="discipline/rewards/edit.html",
        said=lambda reward: _("Saved."), changed=CHANGED, to=reverse("discipline:reward-list"), shown={"reward": reward}, reward=reward,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.REWARD_CLAIM)
def claim(request: Any, pk: int) -> HttpResponse:
    """Take a reward, after a look at what is left."""
    reward = get_object_or_404(Reward.objects.filter(active=True), pk=pk)
    balance = spendable(request.user.pk)
    return ask(
        request, ClaimForm(sent(request), initial={"points": reward.points}), rewards.claim, at=timezone.now(),
        template="discipline/rewards/claim.html", said=lambda claim: _("It is yours. Your head gives it to you."), changed=CHANGED,
        to=reverse("discipline:reward-list"), shown={"reward": reward, "balance": balance, "left": balance - reward.points}, reward=reward,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.REWARD_DECIDE)
def decide(request: Any, pk: int) -> HttpResponse:
    """Give it, or refuse it with a reason."""
    claims = RewardClaim.objects.visible_to(request.user, Permission.REWARD_DECIDE).select_related("user", "reward")
    found = get_object_or_404(claims, pk=pk)
    return ask(
        request, DecideClaim(sent(request)), rewards.decide, at=timezone.now(), template="discipline/rewards/decide.html",
        said=_said, changed=CHANGED, to=reverse("discipline:reward-list"), shown={"claim": found}, claim=found,
    )  # fmt: skip


def _said(decided: RewardClaim) -> str:
    given = decided.status == ClaimStatus.GIVEN
    words = _("Given to %(name)s.") if given else _("Refused. The points are back with %(name)s.")
    return words % {"name": decided.user.full_name}
