"""Records shared with a colleague, and taken back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from crm.forms.shares import ShareForm
from crm.models import Company, Contact, Deal, Share
from crm.services import shares
from crm.views import clients
from crm.views.answers import ask, sent

NOUNS: dict[str, tuple[Any, Permission, str]] = {
    "company": (Company, Permission.COMPANY_DELETE, "companies-changed"),
    "contact": (Contact, Permission.CONTACT_DELETE, "contacts-changed"),
    "deal": (Deal, Permission.DEAL_GIVE, "deals-changed"),
}
"""The permission that reaches a record's own people: what is lent is not lent on."""


@require_http_methods(["GET", "POST"])
@needs(Permission.RECORD_SHARE)
def add(request: Any, noun: str, pk: int) -> HttpResponse:
    """Share a record with a colleague."""
    if noun not in NOUNS:
        raise Http404
    model, action, event = NOUNS[noun]
    record = clients.find(model, request, pk, action)
    form = ShareForm(sent(request), people=clients.colleagues(request, record))
    return ask(
        request, form, shares.share, at=timezone.now(), template="crm/shares/add.html", record=record,
        said=lambda share: _("Shared with %(name)s.") % {"name": share.user}, changed=[event],
        to=reverse(f"crm:{noun}", args=[pk]), shown={"record": record},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.RECORD_SHARE)
def delete(request: Any, pk: int) -> HttpResponse:
    """End a share: one's own, or any of a record of one's people."""
    share = get_object_or_404(Share.objects.select_related("user", "company", "contact", "deal"), pk=pk)
    noun = next(noun for noun in NOUNS if getattr(share, f"{noun}_id"))
    model, action, event = NOUNS[noun]
    rows = model.objects.live() if share.user_id == request.user.pk else model.objects.visible_to(request.user, action)
    record = get_object_or_404(rows, pk=getattr(share, f"{noun}_id"))
    return ask(
        request, ServiceForm(sent(request)), end, at=timezone.now(), template="crm/shares/delete.html", share=share,
        said=lambda ended: _("%(name)s no longer sees it.") % {"name": share.user}, changed=[event],
        to=reverse(f"crm:{noun}-list"), shown={"share": share, "record": record},
    )  # fmt: skip


def end(*, share: Share, **words: Any) -> bool:
    """Tells a form that it was done: the service has nothing left to give back."""
    shares.unshare(share=share, **words)
    return True
