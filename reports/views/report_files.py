"""A report as a file or on paper, and the records behind one of its cells."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.lists.filters import is_key
from crm.views import downloads
from reports import printing
from reports.asking import files, finding, paper
from reports.asking.opened import place_of
from reports.behind.asked import LAST_PAGE
from reports.builder import Behind, DefinitionWrong


@require_POST
@needs(Permission.RECORD_EXPORT)
def report_file(request: Any) -> Any:
    """A report as a workbook, or as CSV."""
    return downloads.answer(request, files.REPORT, _params(request), to=reverse("reports:report-list"))


@require_GET
@needs(Permission.REPORT_VIEW)
def report_paper(request: Any) -> Any:
    """A report as a PDF: what its page shows."""
    shown = finding.opened(request.GET, request.user, timezone.now())
    if shown.answer is None:
        raise Http404(_("There is no such report."))
    return printing.served(paper.document(shown), shown.title)


@require_GET
@needs(Permission.REPORT_VIEW)
def report_behind(request: Any) -> HttpResponse:
    """The records behind a cell: as many, and of the same sum."""
    number = request.GET.get("page", "1")
    page = _behind(request, min(max(int(number), 1), LAST_PAGE) if is_key(number) else 1)
    context = {
        "page": page,
        "back": _back(request.GET),
        "previous": _at_page(request.GET, page.previous),
        "next": _at_page(request.GET, page.next),
        "may_export": holds(request.user, Permission.RECORD_EXPORT),
        "export_url": reverse("reports:report-behind-file"),
        "query": request.GET.urlencode(),
    }
    return render(request, "reports/behind/page.html", context)


@require_POST
@needs(Permission.RECORD_EXPORT)
def report_behind_file(request: Any) -> Any:
    """The same list as a file."""
    params = _params(request)
    return downloads.answer(request, files.BEHIND, params, to=f"{reverse('reports:report-behind')}?{params['query']}")


def _behind(request: Any, number: int) -> Behind:
    now = timezone.now()
    shown = finding.opened(request.GET, request.user, now)
    try:
        if shown.definition is not None:
            return Behind(shown.definition, place_of(request.GET), request.user, now, page=number)
    except DefinitionWrong as wrong:
        raise Http404(str(wrong.message)) from wrong
    raise Http404(_("There is no such report."))


def _params(request: Any) -> dict[str, str]:
    return {"query": request.POST.get("query", ""), "kind": request.POST.get("kind", "")}


def _back(query: QueryDict) -> str:
    """A page of ours to go back to, or none."""
    path = query.get("back", "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def _at_page(query: QueryDict, page: int) -> str:
    """The address of another page of the list; "" for none."""
    pairs = [(name, value) for name, values in query.lists() for value in values if name != "page"]
    return f"?{urlencode([*pairs, ('page', page)])}" if page else ""
