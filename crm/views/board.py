"""The deal board, and moving a deal: by hand, by keys, by a card's menu, or by the bar of stages on the deal's own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from accounts.forms import ServiceForm
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from crm import board as boards
from crm.forms.deals import EditDeal, MoveDeal
from crm.models import Deal, Stage
from crm.services import deals, stages
from crm.services.deals import RequiredFieldsMissing
from crm.views.answers import asked, done, refused, sent

EVENTS = ("deals-changed", "day-changed")


@require_GET
@needs(Permission.DEAL_VIEW)
def board(request: Any) -> HttpResponse:
    """The board; htmx gets the lanes alone."""
    shown = boards.read(request.user, boards.Asked.of(request.GET), timezone.now())
    fragment = request.htmx.target == "board"
    template = "crm/deals/_board.html" if fragment else "crm/deals/board.html"
    return render(request, template, {"board": shown, "fragment": fragment})


@require_POST
@needs(Permission.DEAL_EDIT)
def move(request: Any, pk: int) -> HttpResponse:
    """Move one deal, or win it; a card of the board is answered with the card, moved or refused.

    Where the stage needs facts that are not there yet, the answer is a dialog that asks for them.
    """
    deal, to = _deal(request, pk), request.POST.get("stage", "")
    wins = to == boards.WON
    form: ServiceForm = ServiceForm(request.POST) if wins else MoveDeal({"to": to})
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
    to = get_object_or_404(Stage, pk=stage, pipeline=deal.stage.pipeline_id)
    form = EditDeal(sent(request), user=request.user, deal=deal, only=_missing(deal, to))
    if request.method == "POST":
        moved = form.submit(fill_and_move, deal=deal, to=to, by=request.user, at=timezone.now())
        if moved is not None:
            return done(request, _moved(moved), *EVENTS, to=reverse("crm:deal", args=[pk]))
    return asked(request, "crm/deals/enter.html", form, deal=deal, stage=to)


def fill_and_move(*, deal: Deal, to: Stage, by: User, at: datetime, **facts: Any) -> Deal:
    """Both or neither: a deal whose facts were filled in for a stage that then refuses it stays as it was."""
    with transaction.atomic():
        if facts:
            deals.edit(deal=deal, by=by, at=at, **facts)
        return deals.move(deal=deal, to=to, by=by, at=at)


def _missing(deal: Deal, stage: Stage) -> tuple[str, ...]:
    try:
        stages.check_required(deal, stage)
    except RequiredFieldsMissing as refusal:
        return tuple(refusal.fields)
    return ("title",)


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
    context: dict[str, Any] = {"card": boards.one_card(request.user, deal, now)}
    if form.errors:
        answer = render(request, "crm/deals/_card.html", context, status=422)
        return toast(answer, str(next(iter(form.errors.values()))[0]), kind="watch")
    query = QueryDict(urlsplit(request.htmx.current_url or "").query)
    context["board"] = boards.read(request.user, boards.Asked.of(query), now, cards=False)
    return render(request, "crm/deals/_moved.html", context)


def _moved(deal: Deal) -> str:
    return _("Moved to %(stage)s.") % {"stage": deal.stage}


def _deal(request: Any, pk: int) -> Deal:
    rows = Deal.objects.visible_to(request.user, Permission.DEAL_EDIT).select_related("stage", "owner", "company")
    return get_object_or_404(rows, pk=pk)
