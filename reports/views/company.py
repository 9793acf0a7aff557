"""The owner's screen: as of now, as of a morning that was kept, and as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import exports
from crm.views.answers import refused
from reports import printing
from reports.company import address, paper, read, tables
from reports.services import overview

KINDS = ("xlsx", "pdf")


@require_GET
@needs(Permission.OVERVIEW_VIEW)
def company(request: Any) -> HttpResponse:
    """The whole screen; `?day=` is the morning that was kept of that day."""
    screen = read(request.user, day=_day(request.GET.get("day", "")), now=timezone.now())
    may_export = holds(request.user, Permission.RECORD_EXPORT)
    return render(request, "reports/company/company.html", {"screen": screen, "may_export": may_export})


@require_POST
@needs(Permission.OVERVIEW_VIEW)
def company_file(request: Any) -> Any:
    """The same as a workbook with a sheet for each block, or on paper."""
    kind, day, now = request.POST.get("kind", ""), _day(request.POST.get("day", "")), timezone.now()
    if kind not in KINDS:
        raise Http404(_("There is no such file."))
    screen = read(request.user, day=day, now=now, whole=kind == "xlsx")
    form = ServiceForm(request.POST)
    taken = form.submit(overview.take, screen=screen, kind=kind, by=request.user, at=now)
    if taken is None or taken.shown is None:
        return refused(request, form, to=address(day))
    name = f"company-{taken.shown.reading.day}"
    if kind == "pdf":
        return printing.served(paper.document(taken), name)
    return exports.sent(exports.written(tables.tables(taken), "xlsx"), f"{name}.xlsx")


def _day(text: str) -> date | None:
    """The day of an address; what is no day is the running one."""
    try:
        return parse_date(text)
    except ValueError:
        return None
