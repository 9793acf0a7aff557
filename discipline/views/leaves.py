"""Leave: asked for, decided, entered for somebody, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.people import Nothing
from accounts.permissions import Permission
from accounts.policy import can, needs, scope
from accounts.reach import people_of
from crm.views.answers import ask, sent
from discipline import leave_page
from discipline.forms.leaves import DecideLeave, LeaveForm, RecordLeave
from discipline.models import Leave, LeaveKind, LeaveStatus
from discipline.services import leaves
from discipline.spells import Spell

LIST = reverse_lazy("discipline:leave-list")
CHANGED = ("leave-changed",)


@require_safe
@needs(Permission.LEAVE_VIEW)
def leave_list(request: Any) -> HttpResponse:
    """What waits for a decision, one's own leave, and who is away soon; htmx gets the lists alone."""
    page = leave_page.read(request.user, timezone.now())
    template = "discipline/leaves/_lists.html" if request.htmx.target == "leave" else "discipline/leaves/list.html"
    return render(request, template, {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Permission.LEAVE_ADD)
def new(request: Any) -> HttpResponse:
    """Ask for leave of one's own."""
    return ask(
        request, LeaveForm(sent(request), person=request.user), leaves.ask, at=timezone.now(), user=request.user,
        template="discipline/leaves/new.html", said=lambda leave: _("Asked for. You will be told once it is decided."),
        changed=CHANGED, to=str(LIST),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.LEAVE_DECIDE)
def record(request: Any) -> HttpResponse:
    """Enter the leave of somebody whom one leads: a sick note, for example."""
    people = people_of(request.user).active().exclude(pk=request.user.pk).by_name()
    form = RecordLeave(sent(request), person=request.user, people=people, initial={"kind": LeaveKind.SICK})
    return ask(
        request, form, leaves.record, at=timezone.now(), template="discipline/leaves/record.html",
        said=lambda leave: _("Entered. %(name)s has been told.") % {"name": leave.user.full_name}, changed=CHANGED, to=str(LIST),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.LEAVE_DECIDE)
def decide(request: Any, pk: int) -> HttpResponse:
    """Approve or refuse a request of one's people."""
    leave = _find(request, pk, Permission.LEAVE_DECIDE)
    return ask(
        request, DecideLeave(sent(request)), leaves.decide, at=timezone.now(), leave=leave,
        template="discipline/leaves/decide.html", said=_decided, changed=CHANGED, to=str(LIST), shown=_shown(leave),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.LEAVE_VIEW)
def cancel(request: Any, pk: int) -> HttpResponse:
    """Take leave back: one's own, or that of one's people."""
    leave = _find(request, pk, Permission.LEAVE_VIEW)
    if leave.user_id != request.user.pk and not can(request.user, Permission.LEAVE_DECIDE, leave):
        leave = get_object_or_404(Leave.objects.none())
    return ask(
        request, Nothing(sent(request)), leaves.cancel, at=timezone.now(), leave=leave,
        template="discipline/leaves/cancel.html", said=lambda done: _("Cancelled."), changed=CHANGED, to=str(LIST),
        shown=_shown(leave),
    )  # fmt: skip


def _find(request: Any, pk: int, action: Permission) -> Leave:
    return get_object_or_404(Leave.objects.filter(scope(request.user, action)).select_related("user"), pk=pk)


def _shown(leave: Leave) -> dict[str, Any]:
    return {"leave": leave, "spell": Spell.of(leave.from_at, leave.until_at, leave.user.zone)}


def _decided(leave: Leave) -> str:
    words = {"name": leave.user.full_name}
    if leave.status == LeaveStatus.APPROVED:
        return _("Approved. %(name)s has been told.") % words
    return _("Refused. %(name)s has been told.") % words
