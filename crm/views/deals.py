"""Deals: the list, a deal's own page, and the verbs on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from accounts.forms import ServiceForm
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds, needs
from accounts.toasts import toast
from crm.deal_page import DealPage
from crm.forms.activities import LogActivity
from crm.forms.deals import EditDeal, LoseDeal, NewDeal, ReopenDeal
from crm.forms.lines import LinesForm
from crm.forms.records import GiveForm, NothingToAsk
from crm.lists.deals import DEALS
from crm.models import Activity, ActivityKind, CompanySettings, Deal, Stage
from crm.services import deals
from crm.views import lists
from crm.views.answers import about, ask, sent
from crm.views.board import EVENTS
from crm.views.mentions import with_untold

SAID = {ActivityKind.CALL: gettext_lazy("Call logged."), ActivityKind.MEETING: gettext_lazy("Meeting logged.")}
FRAGMENTS = {
    "deal-head": "crm/deals/_head.html",
    "deal-tasks": "crm/deals/_tasks.html",
    "deal-side": "crm/deals/_side.html",
}


@require_GET
@needs(Permission.DEAL_VIEW)
def deal_list(request: Any) -> HttpResponse:
    """Deals as a table, open and closed."""
    return lists.answer(request, DEALS)


@require_GET
@needs(Permission.DEAL_VIEW)
def deal(request: Any, pk: int) -> HttpResponse:
    """One deal; htmx gets the part that it asks for."""
    page = DealPage.find(pk, request.user, timezone.now())
    template = FRAGMENTS.get(request.htmx.target or "", "crm/deals/deal.html")
    response = render(request, template, {"page": page, "deal": page.deal, "form": composer(page)})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def composer(page: DealPage) -> LogActivity | None:
    """An empty composer for a deal; with its only contact unless somebody else is chosen."""
    if not holds(page.user, Permission.ACTIVITY_ADD):
        return None
    return LogActivity(user=page.user, at=page.now, initial={"who": f"deal:{page.deal.pk}"})


def logged(request: Any, pk: int, form: LogActivity, activity: Activity | None, *, undo_url: str) -> HttpResponse:
    """After something was logged on a deal's page: an empty composer and the parts as they are now, or what is wrong."""
    page = DealPage.find(pk, request.user, form.at, new=activity.pk if activity else 0)
    context = {"page": page, "deal": page.deal, "client": page, "form": composer(page)}
    if activity is None:
        return render(request, "crm/activities/_composer.html", context | {"form": form}, status=422)
    response = trigger_client_event(render(request, "crm/deals/_logged.html", context), "day-changed", {})
    said = str(SAID.get(ActivityKind(activity.kind), _("Note saved.")))
    return toast(response, with_untold(said, activity), undo_url=undo_url)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_ADD)
def new(request: Any) -> HttpResponse:
    """A new deal with its first step."""
    now = timezone.now()
    initial: dict[str, Any] = about(request, "company", "contact", "stage")
    if "contact" in initial:
        initial["contacts"] = [initial.pop("contact")]
    form = NewDeal(
        sent(request), user=request.user, at=now, initial=initial, currency=CompanySettings.current().currency,
        stages=Stage.objects.select_related("pipeline"),
    )  # fmt: skip
    to = reverse("crm:deal-board")
    return ask(
        request, form, deals.add, at=now, template="crm/deals/new.html", said=lambda deal: _("Deal added."),
        changed=(*EVENTS, "tasks-changed"), to=to,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The facts of a deal."""
    deal = _deal(request, pk)
    form = EditDeal(sent(request), user=request.user, deal=deal)
    return _ask(request, deal, form, deals.edit, "crm/deals/edit.html", lambda deal: _("Deal saved."))


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def lines(request: Any, pk: int) -> HttpResponse:
    """The products of a deal."""
    deal = _deal(request, pk)
    form = LinesForm(sent(request), deal=deal)
    return _ask(request, deal, form, deals.edit, "crm/deals/lines.html", lambda deal: _("Products saved."))


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def win(request: Any, pk: int) -> HttpResponse:
    """Won."""
    deal = _deal(request, pk)
    form = NothingToAsk(sent(request))
    return _ask(request, deal, form, deals.win, "crm/deals/win.html", lambda deal: _("Won. Well done."))


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def lose(request: Any, pk: int) -> HttpResponse:
    """Lost: why, and to whom."""
    deal = _deal(request, pk)
    form = LoseDeal(sent(request), initial={"reason": deal.loss_reason_id, "competitor": deal.competitor})
    return _ask(request, deal, form, deals.lose, "crm/deals/lose.html", lambda deal: _("Marked as lost."))


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_EDIT)
def reopen(request: Any, pk: int) -> HttpResponse:
    """Open it again."""
    deal = _deal(request, pk)
    stages = Stage.objects.filter(pipeline=deal.stage.pipeline_id)
    form = ReopenDeal(sent(request), stages=stages, initial={"stage": deal.stage_id})
    return _ask(request, deal, form, deals.reopen, "crm/deals/reopen.html", lambda deal: _("The deal is open again."))


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_GIVE)
def give(request: Any, pk: int) -> HttpResponse:
    """Give it to a colleague, with its open tasks."""
    deal = _deal(request, pk, Permission.DEAL_GIVE)
    people = User.objects.visible_to(request.user).active().exclude(pk=deal.owner_id).by_name()
    form = GiveForm(sent(request), people=people)

    def said(given: Deal) -> str:
        return _("%(deal)s is now with %(name)s.") % {"deal": given.title, "name": given.owner}

    return _ask(request, deal, form, deals.give, "crm/deals/give.html", said, leaves=True)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEAL_DELETE)
def delete(request: Any, pk: int) -> HttpResponse:
    """Take it out of the lists."""
    deal = _deal(request, pk, Permission.DEAL_DELETE)
    form = NothingToAsk(sent(request))

    def said(deleted: Deal) -> str:
        return _("%(deal)s was deleted.") % {"deal": deleted.title}

    return _ask(request, deal, form, deals.delete, "crm/deals/delete.html", said, leaves=True)


def _deal(request: Any, pk: int, action: Permission = Permission.DEAL_EDIT) -> Deal:
    rows = Deal.objects.visible_to(request.user, action).select_related("stage", "owner", "company")
    return get_object_or_404(rows, pk=pk)


def _ask(
    request: Any,
    deal: Deal,
    form: ServiceForm,
    verb: Callable[..., Deal],
    template: str,
    said: Callable[[Deal], str],
    *,
    leaves: bool = False,
    **shown: Any,
) -> HttpResponse:
    """The dialog of a verb on a deal; where the deal may be out of reach afterwards it leads back to the board."""
    to = reverse("crm:deal-board") if leaves else reverse("crm:deal", args=[deal.pk])
    return ask(
        request, form, verb, at=timezone.now(), template=template, said=said, changed=EVENTS, to=to, leaves=leaves,
        shown={"deal": deal, **shown}, deal=deal,
    )  # fmt: skip
