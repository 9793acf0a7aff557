"""What is done with a report: kept, copied, removed, opened to others, put on one's board."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from crm.forms.records import NothingToAsk
from crm.lists.filters import is_key
from crm.views.answers import ask, asked, refused, sent
from crm.views.clients import go
from reports.asking import finding, words
from reports.asking.opened import Opened
from reports.forms.saved import SaveReport, ShareReport
from reports.models import Pin, Report
from reports.services import pins, saved


@require_http_methods(["GET", "POST"])
@needs(Permission.REPORT_EDIT)
def report_save(request: Any) -> HttpResponse:
    """Ask for a name, then keep what the address asks for: as a new report, or in place of one of one's own (`change`)."""
    now, report = timezone.now(), _changed(request)
    shown = finding.opened(request.GET, request.user, now)
    if shown.definition is None:
        raise Http404(_("There is no such report."))
    initial = {"name": report.name, "note": report.note} if report else {"name": _suggested(shown), "note": shown.note}
    form = SaveReport(sent(request), initial=initial)
    if request.method == "POST":
        fixed: dict[str, Any] = {"definition": shown.definition.as_json(), "by": request.user, "at": now}
        verb = saved.edit if report else saved.add
        kept = form.submit(verb, **fixed, **({"report": report} if report else {}))
        if kept is not None:
            return go(request, reverse("reports:report", args=[kept.pk]), _("The report is saved."))
    is_shared = report is not None and report.shares.exists()
    return asked(request, "reports/saved/save.html", form, report=report, says=shown.says, is_shared=is_shared)


@require_POST
@needs(Permission.REPORT_EDIT)
def report_copy(request: Any, pk: int) -> HttpResponse:
    """A report of one's own that asks the same."""
    form = ServiceForm(request.POST)
    record = finding.saved(request.user, pk)
    copied = form.submit(saved.copy, report=record, by=request.user, at=timezone.now())
    if copied is None:
        return refused(request, form, to=reverse("reports:report", args=[pk]))
    return go(
        request, reverse("reports:report-edit", args=[copied.pk]), _("This copy is yours: change it as you like.")
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.REPORT_EDIT)
def report_delete(request: Any, pk: int) -> HttpResponse:
    """Remove a report of one's own."""
    record = finding.saved(request.user, pk, Permission.REPORT_EDIT)
    form = NothingToAsk(sent(request))
    if request.method == "POST" and form.is_valid():
        saved.delete(report=record, by=request.user, at=timezone.now())
        return go(request, reverse("reports:report-list"), _("The report is removed."))
    elsewhere = Pin.objects.filter(report=record).exclude(user=request.user).count()
    return asked(request, "reports/saved/delete.html", form, report=record, elsewhere=elsewhere)


@require_http_methods(["GET", "POST"])
@needs(Permission.REPORT_SHARE)
def report_share(request: Any, pk: int) -> HttpResponse:
    """Say who may open a report of one's own."""
    record = finding.saved(request.user, pk, Permission.REPORT_SHARE)
    form = ShareReport(sent(request), report=record, user=request.user)
    return ask(
        request, form, saved.share, at=timezone.now(), template="reports/saved/share.html", said=_shared, changed=["report-shared"],
        to=reverse("reports:report", args=[pk]), shown={"report": record}, report=record,
    )  # fmt: skip


@require_POST
@needs(Permission.REPORT_VIEW)
def report_pin(request: Any, pk: int) -> HttpResponse:
    """Put a report on one's board, or take it off where it stands there; answers with the button."""
    record, now = finding.saved(request.user, pk), timezone.now()
    off = request.POST.get("pinned") == "1"
    if off:
        pins.unpin(report=record, by=request.user, at=now)
    else:
        form = ServiceForm(request.POST)
        if form.submit(pins.pin, report=record, by=request.user, at=now) is None:
            return refused(request, form, to=reverse("reports:report", args=[pk]))
    button = render(request, "reports/saved/_pin_button.html", {"report": record, "is_pinned": not off})
    said = _("%(name)s is off your dashboard.") if off else _("%(name)s stands on your dashboard.")
    return toast(button, said % {"name": record.name})


def _changed(request: Any) -> Report | None:
    """The report that is to be replaced; None for a new one."""
    pk = request.GET.get("change", "")
    if not pk:
        return None
    if not is_key(pk):
        raise Http404(_("There is no such report."))
    return finding.saved(request.user, int(pk), Permission.REPORT_EDIT)


def _suggested(shown: Opened) -> str:
    """A name for a report that has none: what it shows."""
    name = shown.name or (words.as_name(shown.question) if shown.question else "")
    return name[: saved.NAME_LENGTH]


def _shared(report: Report) -> str:
    count = report.shares.count()
    if not count:
        return _("Only you see it now.")
    return ngettext("%(n)s role or person may open it.", "%(n)s roles or people may open it.", count) % {"n": count}
