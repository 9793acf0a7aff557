"""Purchases: the list, one of them, and taking one back that the accounts cancelled."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from accounts.policy import can, needs
from crm import business
from crm.forms.records import NothingToAsk
from crm.lists.purchases import PURCHASES
from crm.models import Purchase
from crm.services import purchases
from crm.views import lists
from crm.views.answers import ask, sent


@require_GET
@needs(Permission.PURCHASE_VIEW)
def purchase_list(request: Any) -> HttpResponse:
    """What clients bought and paid, as far as somebody sees the clients."""
    return lists.answer(request, PURCHASES, tabs=business.tabs(request.user, "purchase"))


@require_GET
@needs(Permission.PURCHASE_VIEW)
def purchase(request: Any, pk: int) -> HttpResponse:
    """One purchase."""
    found = _purchase(request, pk, Permission.PURCHASE_VIEW)
    may_edit = can(request.user, Permission.PURCHASE_EDIT, found)
    return render(request, "crm/purchases/purchase.html", {"record": found, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
@needs(Permission.PURCHASE_EDIT)
def take_back(request: Any, pk: int) -> HttpResponse:
    """The document was cancelled: it leaves all figures."""
    found = _purchase(request, pk, Permission.PURCHASE_EDIT)
    return ask(
        request, NothingToAsk(sent(request)), purchases.take_back, at=timezone.now(), template="crm/purchases/take_back.html",
        said=lambda gone: _("Taken back. It is in no figure any more."), changed=("business-changed",),
        to=reverse("crm:purchase-list"), shown={"record": found}, purchase=found,
    )  # fmt: skip


def _purchase(request: Any, pk: int, action: Permission) -> Purchase:
    """What somebody may do this to and sees as well: the coordinator writes purchases of clients that he does not see."""
    rows = Purchase.objects.visible_to(request.user).visible_to(request.user, action)
    rows = rows.select_related("company", "deal", "product", "created_by")
    return get_object_or_404(rows, pk=pk)
