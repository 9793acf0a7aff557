"""Reports: the shelf, one that is open, and the builder."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from accounts.policy import can, holds, needs
from reports.asking import address, finding
from reports.asking.draft import Draft
from reports.asking.opened import Opened
from reports.builder import Definition, DefinitionWrong
from reports.models import Pin, Report
from reports.shelf import Shelf


@require_GET
@needs(Permission.REPORT_VIEW)
def report_list(request: Any) -> HttpResponse:
    """One's own reports, those shared with one, and those that come with the product."""
    return render(request, "reports/saved/list.html", {"shelf": Shelf(request.user)})


@require_GET
@needs(Permission.REPORT_VIEW)
def report(request: Any, pk: int) -> HttpResponse:
    """A saved report with its answer for the reader."""
    found = finding.saved(request.user, pk)
    is_own = found.user_id == request.user.pk
    context = {
        "report": found,
        "shared_with": _shared_with(found) if is_own else [],
        "shown": finding.of_report(found, request.user, timezone.now(), back=request.get_full_path()),
        "is_pinned": Pin.objects.visible_to(request.user).filter(report=found).exists(),
        "is_own": is_own,
        "may_share": can(request.user, Permission.REPORT_SHARE, found),
    }
    return _page(request, "reports/saved/report.html", context)


def _shared_with(report: Report) -> list[str]:
    """Who may open it beside its maker, in words."""
    return [one.get_role_display() or str(one.person) for one in report.shares.select_related("person").order_by("pk")]


@require_GET
@needs(Permission.REPORT_VIEW)
def report_ready(request: Any, key: str) -> HttpResponse:
    """One of the reports that come with the product."""
    ready = finding.ready(request.user, key)
    shown = finding.of_ready(ready, request.user, timezone.now(), back=request.get_full_path())
    return _page(request, "reports/saved/report.html", {"ready": ready, "shown": shown})


@require_GET
@needs(Permission.REPORT_EDIT)
def report_new(request: Any) -> HttpResponse:
    """The builder: the sentence and its answer, both in the address."""
    return _build(request)


@require_GET
@needs(Permission.REPORT_EDIT)
def report_edit(request: Any, pk: int) -> HttpResponse:
    """The builder over a report of one's own."""
    return _build(request, finding.saved(request.user, pk, Permission.REPORT_EDIT))


def _build(request: Any, report: Report | None = None) -> HttpResponse:
    """The whole page; htmx gets the answer, and the sentence with it where that offers something else now."""
    draft = Draft(_asked(request, report), request.user)
    query = address.query_of(draft.definition) if draft.definition else request.GET.urlencode()
    here, shown = f"{request.path}?{query}", None
    if draft.definition:
        name = report.name if report else ""
        shown = Opened(draft.definition, request.user, timezone.now(), query=query, name=name, back=here)
    context = {"draft": draft, "shown": shown, "report": report}
    if request.htmx.target != "result":
        return _page(request, "reports/saved/builder.html", context)
    context["redrawn"] = request.GET.get(address.DRAWN) != draft.signature
    response = render(request, "reports/saved/_answer.html", context)
    response["HX-Replace-Url"] = here
    return response


def _asked(request: Any, report: Report | None) -> Any:
    """What the address asks for; else what the report asks, as far as it can still be read; else something to begin with."""
    if request.GET.get(address.ABOUT):
        return request.GET
    if report is None:
        return address.as_params(address.BEGINNING)
    try:
        return address.as_params(report.definition)
    except DefinitionWrong:
        return address.as_params(Definition())


def _page(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    around = {
        "crumbs": [(_("Reports"), reverse("reports:report-list"))],
        "may_export": holds(request.user, Permission.RECORD_EXPORT),
        "may_connect": holds(request.user, Permission.LIVE_EDIT),
        "may_mail": holds(request.user, Permission.REPORT_MAIL),
    }
    return render(request, template, context | around)
