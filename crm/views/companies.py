"""Companies: the list, the card, and the verbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.forms.companies import EditCompany, NewCompany
from crm.lists.companies import COMPANIES
from crm.models import Company
from crm.services import companies
from crm.views import clients, lists
from crm.views.answers import ask, asked, sent


@require_GET
@needs(Permission.COMPANY_VIEW)
def company_list(request: Any) -> HttpResponse:
    """All companies that somebody sees."""
    return lists.answer(request, COMPANIES, may_add=holds(request.user, Permission.COMPANY_ADD))


@require_GET
@needs(Permission.COMPANY_VIEW)
def company(request: Any, pk: int) -> HttpResponse:
    """The card of one company."""
    return clients.card(request, "company", pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPANY_ADD)
def new(request: Any) -> HttpResponse:
    """A new company; what may be there already is told before it is made a second time."""
    form = NewCompany(sent(request), user=request.user)
    if request.method == "POST":
        added = form.submit(companies.add, by=request.user, at=timezone.now())
        if added is not None:
            return clients.go(request, reverse("crm:company", args=[added.pk]), _("Company added."))
    return asked(request, "crm/companies/new.html", form)


@require_GET
@needs(Permission.COMPANY_ADD)
def alike(request: Any) -> HttpResponse:
    """Who may already be there, while a new company is typed."""
    typed = {name: request.GET.get(name, "")[:200] for name in ("name", "tax_number", "domain", "phone")}
    return clients.alike(request, companies.alike(by=request.user, **typed))


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPANY_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The facts of a company."""
    record = clients.find(Company, request, pk, Permission.COMPANY_EDIT)
    form = EditCompany(sent(request), user=request.user, company=record)
    return ask(
        request, form, companies.edit, at=timezone.now(), template="crm/companies/edit.html", company=record,
        said=lambda edited: _("Saved."), changed=["companies-changed"], to=reverse("crm:company", args=[pk]),
        shown={"record": record},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPANY_DELETE)
def give(request: Any, pk: int) -> HttpResponse:
    """Give a company to another owner."""
    record = clients.find(Company, request, pk, Permission.COMPANY_DELETE)
    return clients.give(request, record, companies.give, noun="company")


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPANY_DELETE)
def delete(request: Any, pk: int) -> HttpResponse:
    """Take a company out of the lists."""
    record = clients.find(Company, request, pk, Permission.COMPANY_DELETE)
    return clients.delete(request, record, companies.delete, noun="company", template="crm/companies/delete.html")
