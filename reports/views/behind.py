"""What is behind a figure: the page that every figure of the screens opens, and its file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import exports
from crm.views import downloads
from reports.behind import asked
from reports.behind.page import Behind
from reports.services import exporting


@require_GET
@needs(Permission.FIGURE_VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The records behind a figure, the largest first."""
    page = _page(request.user, key, request.GET)
    shown = {
        "page": page,
        "previous": _at_page(request.GET, page.previous),
        "next": _at_page(request.GET, page.next),
        "may_export": holds(request.user, Permission.RECORD_EXPORT),
        "export_url": reverse("reports:behind-export", args=[key]),
        "query": request.GET.urlencode(),
    }
    return render(request, "reports/behind/page.html", shown)


@require_POST
@needs(Permission.RECORD_EXPORT)
def export(request: Any, key: str) -> Any:
    """The same list as a file; a long one is made ready in the background."""
    kind, query = request.POST.get("kind", ""), request.POST.get("query", "")
    if kind not in exports.KINDS or not holds(request.user, Permission.FIGURE_VIEW):
        raise Http404(_("There is no such file."))
    params = {"key": key, "query": query, "kind": kind}
    return downloads.answer(request, exporting.KEY, params, to=f"{reverse('reports:behind', args=[key])}?{query}")


def _page(user: Any, key: str, query: QueryDict) -> Behind:
    now = timezone.now()
    return Behind(user, asked.read(key, query, now=now), now)


def _at_page(query: QueryDict, page: int) -> str:
    """The address of another page of the list; "" for none."""
    return f"?{urlencode([*((k, v) for k, v in _pairs(query) if k != 'page'), ('page', page)])}" if page else ""


def _pairs(query: QueryDict) -> list[tuple[str, str]]:
    return [(key, str(value)) for key, values in query.lists() for value in values]
