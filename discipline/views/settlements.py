"""Settlements: the list, one of them, and each of its steps."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.forms.records import NothingToAsk
from crm.views.answers import ask, asked, left, sent
from discipline import payroll
from discipline.forms.settlements import NewSettlement, SendBack, last_month, last_week
from discipline.models import Settlement
from discipline.services import settlements
from discipline.settlement_page import SettlementPage, read_list, statements_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs(Permission.STATEMENT_VIEW)
def settlement_list(request: Any) -> HttpResponse:
    """Settlements that somebody may see, and the statements of who is paid by them."""
    sees = holds(request.user, Permission.SETTLEMENT_VIEW)
    rows, following = read_list(request.user, request.GET.get("after", "")) if sees else ([], "")
    context = {
        "sees": sees, "rows": rows, "following": following, "statements": statements_for(request.user),
        "may_make": holds(request.user, Permission.SETTLEMENT_EDIT), "may_set_pay": holds(request.user, Permission.PAY_EDIT),
    }  # fmt: skip
    return render(request, "discipline/settlements/list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTLEMENT_EDIT)
def new(request: Any) -> HttpResponse:
    """A draft for a week or a month; the month before is offered."""
    today = timezone.localdate()
    first, last = last_week(today) if request.GET.get("span") == "week" else last_month(today)
    form = NewSettlement(sent(request), user=request.user, initial={"first": first, "last": last})
    made = form.submit(settlements.make, by=request.user, at=timezone.now()) if request.method == "POST" else None
    if made is None:
        return asked(request, "discipline/settlements/new.html", form, action=reverse("discipline:settlement-new"))
    said = _("The draft is there. Look through it, then review it.")
    return left(request, said, reverse("discipline:settlement", args=[made.pk]))


@require_GET
@needs(Permission.SETTLEMENT_VIEW)
def settlement(request: Any, pk: int) -> HttpResponse:
    """One settlement: its people and what may be done with it now."""
    page = SettlementPage(_found(request, pk), request.user, request.GET.get("after", ""))
    return render(request, "discipline/settlements/settlement.html", {"page": page, "settlement": page.settlement})


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTLEMENT_EDIT)
def again(request: Any, pk: int) -> HttpResponse:
    """Work a draft out again."""
    return _step(request, pk, settlements.again, NothingToAsk, "again")


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTLEMENT_EDIT)
def throw_away(request: Any, pk: int) -> HttpResponse:
    """Let go of a draft."""
    return _step(request, pk, settlements.throw_away, NothingToAsk, "delete", to=reverse("discipline:settlement-list"))


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTLEMENT_EDIT)
def review(request: Any, pk: int) -> HttpResponse:
    """Say that a draft is right."""
    return _step(request, pk, settlements.review, NothingToAsk, "review")


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTLEMENT_VIEW)
def send_back(request: Any, pk: int) -> HttpResponse:
    """Make a reviewed one a draft again, with a reason."""
    return _step(request, pk, settlements.send_back, SendBack, "back")


@require_http_methods(["GET", "POST"])
@needs(Permission.SETTLEMENT_APPROVE)
def approve(request: Any, pk: int) -> HttpResponse:
    """Approve for good."""
    return _step(request, pk, settlements.approve, NothingToAsk, "approve")


@require_POST
@needs(Permission.SETTLEMENT_VIEW)
def export(request: Any, pk: int) -> Any:
    """The payroll file of an approved settlement; that it was taken is noted."""
    found = _in_charge(request, pk)
    form = NothingToAsk(request.POST)
    if form.submit(settlements.export, settlement=found, by=request.user, at=timezone.now()) is None:
        page = SettlementPage(found, request.user)
        context = {"page": page, "settlement": found, "form": form}
        return render(request, "discipline/settlements/settlement.html", context, status=422)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    payroll.write(Settlement.objects.select_related("team").prefetch_related("steps__by").get(pk=found.pk), file)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=payroll.file_name(found), content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: Any, pk: int) -> Settlement:
    return get_object_or_404(Settlement.objects.visible_to(request.user).select_related("team"), pk=pk)


def _in_charge(request: Any, pk: int) -> Settlement:
    found = _found(request, pk)
    if not settlements.in_charge(request.user):
        raise Http404
    return found


def _step(
    request: Any,
    pk: int,
    verb: Callable[..., Settlement],
    form_class: type[ServiceForm],
    template: str,
    *,
    to: str = "",
) -> HttpResponse:
    """The dialog of a step; once it is done the page shows the settlement as it is then."""
    found = _in_charge(request, pk)
    return ask(
        request, form_class(sent(request)), verb, at=timezone.now(), template=f"discipline/settlements/{template}.html",
        said=lambda done: SAID[template](), changed=(), to=to or reverse("discipline:settlement", args=[pk]), leaves=True,
        shown={"settlement": found, "page": SettlementPage(found, request.user)}, settlement=found,
    )  # fmt: skip


SAID: dict[str, Callable[[], str]] = {
    "again": lambda: _("Worked out again."),
    "delete": lambda: _("Thrown away. Its points are open again."),
    "review": lambda: _("Reviewed. An owner approves it next."),
    "back": lambda: _("Sent back. It is a draft again."),
    "approve": lambda: _("Approved. It can go to payroll."),
}
