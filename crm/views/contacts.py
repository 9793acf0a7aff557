"""Contacts: the list, the card, and the verbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.forms.contacts import EditContact, MoveContact, NewContact
from crm.lists.contacts import CONTACTS
from crm.models import Company, Contact
from crm.services import contacts
from crm.views import clients, lists
from crm.views.answers import ask, asked, sent


@require_GET
@needs(Permission.CONTACT_VIEW)
def contact_list(request: Any) -> HttpResponse:
    """All contacts that somebody sees."""
    return lists.answer(request, CONTACTS, may_add=holds(request.user, Permission.CONTACT_ADD))


@require_GET
@needs(Permission.CONTACT_VIEW)
def contact(request: Any, pk: int) -> HttpResponse:
    """The card of one contact."""
    return clients.card(request, "contact", pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTACT_ADD)
def new(request: Any) -> HttpResponse:
    """A new contact, at the company that the address names."""
    at_company = request.GET.get("company", "")
    initial = {"company": at_company} if at_company.isascii() and at_company.isdigit() else {}
    form = NewContact(sent(request), user=request.user, initial=initial)
    if request.method == "POST":
        added = form.submit(contacts.add, by=request.user, at=timezone.now())
        if added is not None:
            return clients.go(request, reverse("crm:contact", args=[added.pk]), _("Contact added."))
    return asked(request, "crm/contacts/new.html", form)


@require_GET
@needs(Permission.CONTACT_ADD)
def alike(request: Any) -> HttpResponse:
    """Who may already be there, while a new contact is typed."""
    key = request.GET.get("company", "")
    known = key.isascii() and key.isdigit() and len(key) < 19
    employer = Company.objects.visible_to(request.user).filter(pk=key).first() if known else None
    found = contacts.alike(
        by=request.user,
        name=request.GET.get("name", "")[:200],
        phones=request.GET.getlist("phones")[:20],
        emails=request.GET.getlist("emails")[:20],
        company=employer,
    )
    return clients.alike(request, found)


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTACT_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The facts of a contact."""
    record = clients.find(Contact, request, pk, Permission.CONTACT_EDIT)
    form = EditContact(sent(request), user=request.user, contact=record)
    return ask(
        request, form, contacts.edit, at=timezone.now(), template="crm/contacts/edit.html", contact=record,
        said=lambda edited: _("Saved."), changed=["contacts-changed"], to=reverse("crm:contact", args=[pk]),
        shown={"record": record},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTACT_EDIT)
def move(request: Any, pk: int) -> HttpResponse:
    """Another employer, from a day on; the past one stays on the card."""
    record = clients.find(Contact, request, pk, Permission.CONTACT_EDIT)
    form = MoveContact(sent(request), user=request.user, initial={"on": timezone.localdate()})
    return ask(
        request, form, contacts.move, at=timezone.now(), template="crm/contacts/move.html", contact=record,
        said=lambda moved: _("Saved."), changed=["contacts-changed"], to=reverse("crm:contact", args=[pk]),
        shown={"record": record},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTACT_DELETE)
def give(request: Any, pk: int) -> HttpResponse:
    """Give a contact to another owner."""
    record = clients.find(Contact, request, pk, Permission.CONTACT_DELETE)
    return clients.give(request, record, contacts.give, noun="contact")


@require_http_methods(["GET", "POST"])
@needs(Permission.CONTACT_DELETE)
def delete(request: Any, pk: int) -> HttpResponse:
    """Take a contact out of the lists."""
    record = clients.find(Contact, request, pk, Permission.CONTACT_DELETE)
    return clients.delete(request, record, contacts.delete, noun="contact", template="crm/contacts/delete.html")
