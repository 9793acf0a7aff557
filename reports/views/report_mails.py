"""Reports by mail: what comes when to whom, set up, paused, tried, removed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from crm.forms.records import NothingToAsk
from crm.views.answers import ask, done, sent
from reports.forms.mails import MailForm
from reports.mails import listing
from reports.models import ReportMail
from reports.services import report_mails as service

CHANGED = "report-mails-changed"


@require_GET
@needs(Permission.REPORT_MAIL)
def mail_list(request: Any) -> HttpResponse:
    """One's reports by mail, with who gets each and who may not open it; htmx gets the list alone."""
    rows = listing.read(request.user, timezone.now())
    fragment = request.htmx.target == "report-mails"
    return render(request, "reports/by_mail/_list.html" if fragment else "reports/by_mail/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(Permission.REPORT_MAIL)
def new(request: Any) -> HttpResponse:
    """Have a report sent; `?report=` says which."""
    form = MailForm(sent(request), user=request.user, report=request.GET.get("report", ""))
    return _ask(request, form, _("It is set up. The first one comes at its next time."))


@require_http_methods(["GET", "POST"])
@needs(Permission.REPORT_MAIL)
def edit(request: Any, pk: int) -> HttpResponse:
    """Change what is sent, when, or to whom."""
    mail = _find(request, pk)
    return _ask(
        request, MailForm(sent(request), user=request.user, mail=mail), _("Changed, from its next time on."), mail=mail
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.REPORT_MAIL)
def delete(request: Any, pk: int) -> HttpResponse:
    """Send it no more."""
    mail = _find(request, pk)
    return ask(
        request, NothingToAsk(sent(request)), service.delete, at=timezone.now(), template="reports/by_mail/delete.html",
        said=lambda gone: _("It is sent no more."), changed=[CHANGED], to=reverse("reports:mail-list"),
        shown={"mail": mail, "row": listing.row(mail, timezone.now(), request.user)}, mail=mail,
    )  # fmt: skip


@require_POST
@needs(Permission.REPORT_MAIL)
def pause(request: Any, pk: int) -> HttpResponse:
    """Let it rest."""
    return _do(request, pk, service.pause, _("Paused. Nothing is sent until you go on."))


@require_POST
@needs(Permission.REPORT_MAIL)
def resume(request: Any, pk: int) -> HttpResponse:
    """Go on with the next time."""
    return _do(request, pk, service.resume, _("It goes on with its next time."))


@require_POST
@needs(Permission.REPORT_MAIL)
def send(request: Any, pk: int) -> HttpResponse:
    """One to oneself, now."""
    return _do(request, pk, service.send_now, _("On its way to you: look into your mail in a minute."))


def _do(request: Any, pk: int, verb: Any, said: str) -> HttpResponse:
    ServiceForm(request.POST).submit(verb, mail=_find(request, pk), by=request.user, at=timezone.now())
    return done(request, said, CHANGED, to=reverse("reports:mail-list"))


def _ask(request: Any, form: MailForm, said: str, **fixed: Any) -> HttpResponse:
    return ask(
        request, form, service.put, at=timezone.now(), template="reports/by_mail/edit.html", said=lambda mail: said,
        changed=[CHANGED], to=reverse("reports:mail-list"), shown=fixed, **fixed,
    )  # fmt: skip


def _find(request: Any, pk: int) -> ReportMail:
    mails = ReportMail.objects.visible_to(request.user).select_related("report", "user").prefetch_related("recipients")
    return get_object_or_404(mails, pk=pk)
