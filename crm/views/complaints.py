"""Complaints and returns: the list, one of them, and the verbs, each in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import business
from crm.forms.complaints import AnswerComplaint, EditComplaint, NewComplaint
from crm.forms.records import NothingToAsk
from crm.lists.complaints import COMPLAINTS
from crm.models import CompanySettings, Complaint, ComplaintStatus
from crm.services import complaints
from crm.views import lists
from crm.views.answers import about, ask, done, refused, sent

EVENTS = ("business-changed", "tasks-changed", "day-changed")
VERBS: dict[str, Callable[..., Complaint]] = {
    ComplaintStatus.SETTLED: complaints.settle,
    ComplaintStatus.REFUSED: complaints.refuse,
}


@require_GET
@needs(Permission.COMPLAINT_VIEW)
def complaint_list(request: Any) -> HttpResponse:
    """All complaints and returns that somebody sees."""
    return lists.answer(
        request,
        COMPLAINTS,
        tabs=business.tabs(request.user, "complaint"),
        may_add=holds(request.user, Permission.COMPLAINT_EDIT),
    )


@require_GET
@needs(Permission.COMPLAINT_VIEW)
def complaint(request: Any, pk: int) -> HttpResponse:
    """One complaint."""
    found = _complaint(request, pk, Permission.COMPLAINT_VIEW)
    shown = business.complaint_page(found, request.user, timezone.now())
    return render(request, "crm/complaints/complaint.html", {"record": found, "complaint": shown})


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPLAINT_EDIT)
def new(request: Any) -> HttpResponse:
    """A new complaint or return, about what the address or the page names."""
    now = timezone.now()
    initial: dict[str, Any] = about(request, "company", "contact", "deal")
    form = NewComplaint(
        sent(request), user=request.user, at=now, currency=CompanySettings.current().currency,
        initial=initial | business.client_of(request.user, initial),
    )  # fmt: skip
    return ask(
        request, form, complaints.add, at=now, template="crm/complaints/new.html", said=_said_new, changed=EVENTS,
        to=reverse("crm:complaint-list"),
    )  # fmt: skip


def _said_new(added: Complaint) -> str:
    return _("Taken down. %(name)s has a task to answer it.") % {"name": added.owner.full_name}


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPLAINT_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The facts of a complaint."""
    found = _complaint(request, pk)
    form = EditComplaint(sent(request), user=request.user, complaint=found)
    return _ask(request, found, form, complaints.edit, "crm/complaints/edit.html", lambda edited: _("Saved."))


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPLAINT_EDIT)
def answer(request: Any, pk: int) -> HttpResponse:
    """How it ended."""
    found = _complaint(request, pk)
    form = AnswerComplaint(sent(request), complaint=found)

    def verb(*, how: str, **words: Any) -> Complaint:
        return VERBS[how](**words)

    return _ask(
        request, found, form, verb, "crm/complaints/answer.html", lambda answered: _("Answered."),
        undo_url=lambda answered: reverse("crm:complaint-reopen", args=[answered.pk]),
    )  # fmt: skip


@require_POST
@needs(Permission.COMPLAINT_EDIT)
def reopen(request: Any, pk: int) -> HttpResponse:
    """It was not over."""
    form, to = ServiceForm(request.POST), reverse("crm:complaint-list")
    if form.submit(complaints.reopen, complaint=_complaint(request, pk), by=request.user, at=timezone.now()):
        return done(request, _("It is open again, with a task to answer it."), *EVENTS, to=to)
    return refused(request, form, to=to)


@require_http_methods(["GET", "POST"])
@needs(Permission.COMPLAINT_EDIT)
def delete(request: Any, pk: int) -> HttpResponse:
    """Take it out of the lists."""
    found = _complaint(request, pk)
    form = NothingToAsk(sent(request))
    return _ask(request, found, form, complaints.delete, "crm/complaints/delete.html", lambda gone: _("Deleted."))


def _complaint(request: Any, pk: int, action: Permission = Permission.COMPLAINT_EDIT) -> Complaint:
    rows = Complaint.objects.visible_to(request.user, action).select_related(
        "owner", "company__owner", "contact", "deal", "product", "task"
    )
    return get_object_or_404(rows, pk=pk)


def _ask(
    request: Any,
    found: Complaint,
    form: ServiceForm,
    verb: Callable[..., Complaint],
    template: str,
    said: Callable[[Complaint], str],
    **more: Any,
) -> HttpResponse:
    """The dialog of a verb on a complaint."""
    return ask(
        request, form, verb, at=timezone.now(), template=template, said=said, changed=EVENTS,
        to=reverse("crm:complaint-list"), shown={"record": found}, complaint=found, **more,
    )  # fmt: skip
