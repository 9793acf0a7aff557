"""Contracts: the list, one of them, and the verbs, each in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import business
from crm.forms.contracts import EditContract, EndContract, NewContract, RenewContract
from crm.forms.records import NothingToAsk
from crm.lists.contracts import CONTRACTS
from crm.models import CompanySettings, Contract
from crm.services import contracts
from crm.standing import on
from crm.views import lists
from crm.views.answers import about, ask, sent

EVENTS = ("business-changed", "tasks-changed")


@require_GET
@needs(Permission.CONTRACT_VIEW)
def contract_list(request: Any) -> HttpResponse:
    """All contracts that somebody sees."""
    return lists.answer(
        request,
        CONTRACTS,
        tabs=business.tabs(request.user, "contract"),
        may_add=holds(request.user, Permission.CONTRACT_EDIT),
    )


@require_GET
@needs(Permission.CONTRACT_VIEW)
def contract(request: Any, pk: int) -> HttpResponse:
    """One contract."""
    found = _contract(request, pk, Permission.CONTRACT_VIEW)
    shown = business.contract_page(found, request.user, timezone.now())
    return render(request, "crm/contracts/contract.html", {"record": found, "contract": shown})


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTRACT_EDIT)
def new(request: Any) -> HttpResponse:
    """A new contract, with the task to renew it."""
    form = NewContract(
        sent(request), user=request.user, currency=CompanySettings.current().currency, today=timezone.localdate(),
        initial=about(request, "company", "deal"),
    )  # fmt: skip
    return ask(
        request, form, contracts.add, at=timezone.now(), template="crm/contracts/new.html",
        said=lambda added: _("Contract added."), changed=EVENTS, to=reverse("crm:contract-list"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTRACT_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The facts of a contract."""
    found = _contract(request, pk)
    form = EditContract(sent(request), user=request.user, contract=found)
    return _ask(request, found, form, contracts.edit, "crm/contracts/edit.html", lambda edited: _("Contract saved."))


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTRACT_EDIT)
def renew(request: Any, pk: int) -> HttpResponse:
    """The contract that follows."""
    found = _contract(request, pk)
    form = RenewContract(sent(request), contract=found)

    def said(following: Contract) -> str:
        return _("Renewed until %(day)s.") % {"day": on(following.ends_on or following.starts_on)}

    return _ask(request, found, form, contracts.renew, "crm/contracts/renew.html", said)


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTRACT_EDIT)
def end(request: Any, pk: int) -> HttpResponse:
    """It is not renewed."""
    found = _contract(request, pk)
    form = EndContract(sent(request), contract=found, today=timezone.localdate())
    return _ask(request, found, form, contracts.end, "crm/contracts/end.html", lambda ended: _("Contract ended."))


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTRACT_EDIT)
def delete(request: Any, pk: int) -> HttpResponse:
    """Take it out of the lists."""
    found = _contract(request, pk)
    form = NothingToAsk(sent(request))
    return _ask(
        request, found, form, contracts.delete, "crm/contracts/delete.html", lambda gone: _("Contract deleted.")
    )


def _contract(request: Any, pk: int, action: Permission = Permission.CONTRACT_EDIT) -> Contract:
    rows = Contract.objects.visible_to(request.user, action).select_related(
        "owner", "company__owner", "renewal", "renewed_from", "reminder", "deal"
    )
    return get_object_or_404(rows, pk=pk)


def _ask(
    request: Any,
    found: Contract,
    form: ServiceForm,
    verb: Callable[..., Contract],
    template: str,
    said: Callable[[Contract], str],
) -> HttpResponse:
    """The dialog of a verb on a contract."""
    return ask(
        request, form, verb, at=timezone.now(), template=template, said=said, changed=EVENTS,
        to=reverse("crm:contract-list"), shown={"record": found}, contract=found,
    )  # fmt: skip
