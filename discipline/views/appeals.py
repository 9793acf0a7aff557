"""Appeals: a dialog on one's own card, and the answer of whoever leads the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.policy import needs, scope
from crm.views.answers import ask, sent
from discipline import corrections
from discipline.forms.corrections import AnswerAppeal, AppealForm
from discipline.models import Adjustment, AdjustmentStatus, Appeal, AppealStatus, Scorecard, ScoreLine
from discipline.services import appeals
from discipline.views.corrections import answered


@require_http_methods(["GET", "POST"])
@needs(Permission.APPEAL_ADD)
def new(request: Any, line_pk: int) -> HttpResponse:
    """Appeal against a line of one's own card."""
    lines = ScoreLine.objects.filter(scope(request.user, Permission.APPEAL_ADD)).select_related("rule", "card__user")
    line = get_object_or_404(lines, pk=line_pk)
    return ask(
        request, AppealForm(sent(request)), appeals.open, at=timezone.now(), line=line, template="discipline/appeals/new.html",
        said=lambda appeal: _("Sent. You are told as soon as it is answered."), changed=[f"appealed-{line.pk}", "corrections-changed"],
        to=reverse("discipline:card", args=[line.card_id]),
        shown={"line": line, "rule": corrections.rule_of(line), "until": appeals.last_day(line.card)},
    )  # fmt: skip


@require_safe
@needs(Permission.APPEAL_VIEW)
def state(request: Any, line_pk: int) -> HttpResponse:
    """How the appeal against a line stands, in the place of the button."""
    cards = Scorecard.objects.visible_to(request.user)
    lines = ScoreLine.objects.filter(card__in=cards).select_related("rule", "card", "appeal__adjustment")
    line = get_object_or_404(lines, pk=line_pk)
    until = corrections.appeals_until(line.card, request.user, timezone.now())
    return render(request, "discipline/appeals/_button.html", {"line": line, "appeals_until": until})


@require_POST
@needs(Permission.APPEAL_DECIDE)
def decide(request: Any, pk: int) -> HttpResponse:
    """Accept or refuse an appeal; the next thing that waits opens."""
    found = Appeal.objects.visible_to(request.user, Permission.APPEAL_DECIDE)
    appeal = get_object_or_404(found.select_related("user", "line__card", "line__rule"), pk=pk)
    form = AnswerAppeal(request.POST)
    done = form.submit(
        appeals.decide, appeal=appeal, accept="approve" in request.POST, by=request.user, at=timezone.now()
    )
    return answered(request, form, f"appeal-{pk}", _said(done))


def _said(done: Appeal | None) -> str:
    if done is None:
        return ""
    if done.status == AppealStatus.REFUSED:
        return _("Refused. The person is told why.")
    moved: Adjustment | None = done.adjustment
    if moved is not None and moved.status == AdjustmentStatus.SIGNING:
        return _("Accepted. The points wait for the owner's signature.")
    return _("Accepted. The person is told.")
