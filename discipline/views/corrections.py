"""Corrections: what waits for a decision, the decisions, corrections that a head enters, and the history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import can, holds, needs, scope
from accounts.toasts import toast
from crm.views.answers import ask, sent
from discipline import corrections, waiting
from discipline.forms.corrections import AnswerAppeal, Decision, NewAdjustment
from discipline.models import Adjustment, AdjustmentKind, AdjustmentStatus, Scorecard
from discipline.services import adjustments

DECIDES = (Permission.APPEAL_DECIDE, Permission.ADJUSTMENT_DECIDE, Permission.ADJUSTMENT_SIGN)


@require_safe
@needs(Permission.ADJUSTMENT_VIEW)
def correction_list(request: Any) -> HttpResponse:
    """What waits for the reader, and every correction that he may see; htmx gets the queue or the history alone."""
    if request.htmx.target == "queue":
        return queue(request, item=request.GET.get("item", ""))
    asked = corrections.Asked.of(request.GET)
    rows, following = corrections.read(request.user, asked)
    context = {
        "asked": asked,
        "rows": rows,
        "following": following,
        "people": corrections.people_for(request.user),
        "months": list(corrections.months(timezone.localdate())),
    }
    if request.htmx.target == "history":
        return render(request, "discipline/corrections/_history.html", context)
    context |= _queue(request, request.GET.get("item", ""))
    return render(request, "discipline/corrections/list.html", context)


@require_safe
@needs(Permission.ADJUSTMENT_VIEW)
def of_card(request: Any, card_pk: int) -> HttpResponse:
    """The corrections of one card, as its page shows them."""
    card = get_object_or_404(Scorecard.objects.visible_to(request.user).select_related("user"), pk=card_pk)
    context = {
        "card": card,
        "corrections": corrections.of_card(card, request.user),
        "may_correct": can(request.user, Permission.ADJUSTMENT_ADD, card),
    }
    return render(request, "discipline/corrections/_of_card.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.ADJUSTMENT_ADD)
def new(request: Any, card_pk: int) -> HttpResponse:
    """A correction of somebody's card, with its reason; the owner signs it."""
    cards = Scorecard.objects.filter(scope(request.user, Permission.ADJUSTMENT_ADD))
    card = get_object_or_404(cards.select_related("user", "team"), pk=card_pk)
    within, now = adjustments.room(card)
    return ask(
        request, NewAdjustment(sent(request), card=card), propose, at=timezone.now(), card=card, kind=AdjustmentKind.MANUAL,
        template="discipline/corrections/new.html", said=lambda done: _("Sent to the owner for signature."),
        changed=["corrections-changed"], to=reverse("discipline:card", args=[card.pk]),
        shown={"card": card, "within": within, "now": now},
    )  # fmt: skip


def propose(**words: Any) -> bool:
    """Tells a form that it was done, also when the same was sent before."""
    adjustments.propose(**words)
    return True


@require_POST
@needs(Permission.ADJUSTMENT_DECIDE)
def decide(request: Any, pk: int) -> HttpResponse:
    """Approve or refuse a proposal; the next thing that waits opens."""
    found = Adjustment.objects.visible_to(request.user, Permission.ADJUSTMENT_DECIDE).select_related("card")
    adjustment = get_object_or_404(found, pk=pk)
    approve, form = "approve" in request.POST, Decision(request.POST)
    done = form.submit(adjustments.decide, adjustment=adjustment, approve=approve, by=request.user, at=timezone.now())
    return answered(request, form, f"proposal-{pk}", _said(done))


@require_POST
@needs(Permission.ADJUSTMENT_SIGN)
def sign(request: Any, pk: int) -> HttpResponse:
    """Sign or refuse a correction that a head has approved."""
    found = Adjustment.objects.visible_to(request.user, Permission.ADJUSTMENT_SIGN).select_related("card")
    adjustment = get_object_or_404(found, pk=pk)
    approve, form = "approve" in request.POST, Decision(request.POST)
    done = form.submit(adjustments.sign, adjustment=adjustment, approve=approve, by=request.user, at=timezone.now())
    return answered(request, form, f"signature-{pk}", _said(done))


def answered(request: Any, form: ServiceForm, ref: str, said: str) -> HttpResponse:
    """What a decision answers: the queue with the next entry open, or with this one and what is wrong with it."""
    if not request.htmx:
        words = said or next((str(errors[0]) for errors in form.errors.values()), "")
        (messages.success if said else messages.warning)(request, words)
        return HttpResponseRedirect(reverse("discipline:correction-list"))
    if said:
        return toast(queue(request, changed=True), said)
    found = waiting.read(request.user, ref)
    if found.opened is not None and found.opened.entry.ref == ref:
        return render(request, "discipline/corrections/_queue.html", {"queue": found, "form": form}, status=422)
    reason = next((str(errors[0]) for errors in form.errors.values()), "")
    return toast(queue(request, changed=True), reason, kind="watch")


def queue(request: Any, item: str = "", *, changed: bool = False) -> HttpResponse:
    """The queue as htmx swaps it in; after a decision the history reads itself again."""
    response = render(request, "discipline/corrections/_queue.html", _queue(request, item))
    if changed:
        response.headers["HX-Trigger-After-Settle"] = "corrections-changed"
    return response


def _queue(request: Any, item: str) -> dict[str, Any]:
    if not any(holds(request.user, action) for action in DECIDES):
        return {"queue": None}
    found = waiting.read(request.user, item)
    return {"queue": found, "form": form_for(found)}


def form_for(found: waiting.Queue) -> ServiceForm | None:
    """The form of the open entry."""
    if found.opened is None:
        return None
    if found.opened.entry.noun == "appeal":
        return AnswerAppeal(initial={"delta": found.opened.worth})
    return Decision()


def _said(done: Adjustment | None) -> str:
    """What to say about a decision that went through."""
    words = {
        AdjustmentStatus.APPROVED: _("Approved. The points are in the ledger."),
        AdjustmentStatus.SIGNING: _("Approved. It waits for the owner's signature."),
        AdjustmentStatus.REFUSED: _("Refused. The person is told why."),
    }
    return "" if done is None else words[AdjustmentStatus(done.status)]
