"""The deal board, and moving a deal: by hand, by keys, by a card's menu, or by the bar of stages on the deal's own page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import push_url, reswap, retarget

from accounts.forms import ServiceForm
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from crm import board as boards
from crm.board_asked import Asked
from crm.deal_cards import WON
from crm.forms.deals import EditDeal, MoveDeal, TransferDeal, WinDeal
from crm.models import Deal, DealStatus, Stage
from crm.services import deals, stages
from crm.services.deals import RequiredFieldsMissing
from crm.views.answers import asked, done, refused, sent

EVENTS = ("deals-changed", "day-changed")


@require_GET
@needs(Permission.DEAL_VIEW)
def board(request: Any) -> HttpResponse:
    """The board; htmx gets the lanes alone, and the address that says what was asked in the shortest way."""
    asked_for = Asked.of(request.GET)
    shown = boards.read(request.user, asked_for, timezone.now())
    fragment = request.htmx.target == "board"
    template = "crm/deals/_board.html" if fragment else "crm/deals/board.html"
    answer = render(request, template, {"board": shown, "fragment": fragment})
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return push_url(answer, asked_for.url()) if request.htmx.trigger == "board-filters" else answer


@require_POST
@needs(Permission.DEAL_EDIT)
def move(request: Any, pk: int) -> HttpResponse:
    """Move one deal, or win it; a card of the board is answered with the card, moved or refused, and says where it lies.

    Where the stage needs facts that are not there yet, the answer is a dialog that asks for them.
    """
    deal, to = _deal(request, pk), request.POST.get("stage", "")
    wins = to == WON
    sent_words = {"seen": request.POST.get("from", "")} | ({} if wins else {"to": to})
    form: ServiceForm = WinDeal(sent_words) if wins else MoveDeal(sent_words)
    moved = form.submit(deals.win if wins else deals.move, deal=deal, by=request.user, at=timezone.now())
    if moved is None and isinstance(form.refusal, RequiredFieldsMissing):
        return _ask_for(request, deal, form.cleaned_data["to"])
    if request.htmx.target == f"deal-{pk}":
        return _card(request, deal, form)
    page = reverse("crm:deal", args=[pk])
    if moved is None:
        return refused(request, form, to=page)
    return done(request, _("Won. Well done.") if wins else _moved(moved), *EVENTS, to=page)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def enter(request: Any, pk: int, stage: int) -> HttpResponse:
    """Fill in what a stage needs, and enter it."""
    deal = _deal(request, pk)
    to = get_object_or_404(Stage, pk=stage)
    form = EditDeal(sent(request), user=request.user, deal=deal, only=_asked_of(deal, to, request.POST))
    if request.method == "POST":
        moved = form.submit(fill_and_move, deal=deal, to=to, by=request.user, at=timezone.now())
        if moved is not None:
            return done(request, _moved(moved), *EVENTS, to=reverse("crm:deal", args=[pk]))
    return asked(request, "crm/deals/enter.html", form, deal=deal, stage=to)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def transfer(request: Any, pk: int) -> HttpResponse:
    """Choose a stage of another pipeline; what it needs is asked next."""
    deal = _deal(request, pk)
    stages_elsewhere = Stage.objects.exclude(pipeline=deal.stage.pipeline_id).select_related("pipeline")
    form = TransferDeal(sent(request), stages=stages_elsewhere)
    if request.method == "POST":
        moved = form.submit(deals.transfer, deal=deal, by=request.user, at=timezone.now())
        if moved is not None:
            said = _("Moved to %(pipeline)s, %(stage)s.") % {"pipeline": moved.stage.pipeline, "stage": moved.stage}
            return done(request, said, *EVENTS, to=reverse("crm:deal", args=[pk]))
        if isinstance(form.refusal, RequiredFieldsMissing):
            return _ask_for(request, deal, form.cleaned_data["to"])
    return asked(request, "crm/deals/transfer.html", form, deal=deal)


def fill_and_move(*, deal: Deal, to: Stage, by: User, at: datetime, **facts: Any) -> Deal:
    """Both or neither: a deal whose facts were filled in for a stage that then refuses it stays as it was."""
    with transaction.atomic():
        if facts:
            deals.edit(deal=deal, by=by, at=at, **facts)
        verb = deals.move if to.pipeline_id == deal.stage.pipeline_id else deals.transfer
        return verb(deal=deal, to=to, by=by, at=at)


def _missing(deal: Deal, stage: Stage) -> tuple[str, ...]:
    try:
        stages.check_required(deal, stage)
    except RequiredFieldsMissing as refusal:
        return tuple(refusal.fields)
    return ()


def _asked_of(deal: Deal, stage: Stage, typed: Mapping[str, Any]) -> tuple[str, ...]:
    """What is asked before a stage: what is missing, and what the person filled in although a colleague has just done so too."""
    missing = _missing(deal, stage)
    asked_for = [name for name in stage.required_fields if name in missing or name in typed]
    return tuple(asked_for) or ("title",)


def _ask_for(request: Any, deal: Deal, to: Stage) -> HttpResponse:
    """The dialog for what a stage needs, in answer to a move: the card goes back until it is filled in."""
    form = EditDeal(user=request.user, deal=deal, only=_missing(deal, to))
    action = reverse("crm:deal-enter", args=[deal.pk, to.pk])
    answer = render(
        request, "crm/deals/enter.html", {"form": form, "deal": deal, "stage": to, "action": action}, status=422
    )
    return retarget(reswap(answer, "innerHTML"), "#dialog")


def _card(request: Any, deal: Deal, form: ServiceForm) -> HttpResponse:
    """The card where it lies now, with the sums of the lanes; refused, with the rule and the remedy."""
    now = timezone.now()
    query = QueryDict(urlsplit(request.htmx.current_url or "").query)
    context: dict[str, Any] = {
        "card": boards.one_card(request.user, deal, now),
        "board": boards.read(request.user, Asked.of(query), now, cards=False),
    }
    answer = render(request, "crm/deals/_moved.html", context, status=422 if form.errors else 200)
    if form.errors:
        return toast(answer, str(next(iter(form.errors.values()))[0]), kind="watch")
    if deal.status == DealStatus.WON:
        return toast(answer, _("Won. Well done."), undo_url=reverse("crm:deal-reopen", args=[deal.pk]))
    return answer


def _moved(deal: Deal) -> str:
    return _("Moved to %(stage)s.") % {"stage": deal.stage}


def _deal(request: Any, pk: int) -> Deal:
    rows = Deal.objects.visible_to(request.user, Permission.DEAL_EDIT).select_related("stage", "owner", "company")
    return get_object_or_404(rows, pk=pk)
