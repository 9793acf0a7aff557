"""The daily control table: a page for one figure, one workbook for all of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.views import downloads
from discipline import spans
from reports import control_book, control_table


@require_GET
@needs(Permission.TEAM_DAY_VIEW)
def show(request: Any) -> HttpResponse:
    """One figure of a team over some days; without a choice the first team, this month and its first figure."""
    teams, team = control_table.teams_for(request.user, request.GET.get("team", ""))
    if team is None and request.GET.get("team"):
        raise Http404
    today = timezone.localdate()
    span = spans.Span.of(request.GET, today)
    page = control_table.read(request.user, team, span, request.GET.get("figure", "")) if team else None
    context = {
        "teams": teams,
        "team": team,
        "span": span,
        "spans": spans.choices(span, team.pk) if team else [],
        "page": page,
        "today": today,
        "may_export": holds(request.user, Permission.RECORD_EXPORT),
        "may_connect": holds(request.user, Permission.LIVE_EDIT),
    }
    return render(request, "reports/control_table/page.html", context)


@require_POST
@needs(Permission.RECORD_EXPORT)
def export(request: Any) -> Any:
    """The workbook of the team on screen, or of all one's teams."""
    if not holds(request.user, Permission.TEAM_DAY_VIEW):
        raise Http404
    query = QueryDict(request.POST.get("query", ""))
    _teams, team = control_table.teams_for(request.user, query.get("team", ""))
    if team is None:
        raise Http404
    span = spans.Span.of(query, timezone.localdate())
    whole = request.POST.get("teams") == "all"
    back = {"team": team.pk, "from": span.first.isoformat(), "until": span.last.isoformat()}
    to = f"{reverse('reports:control-table')}?{urlencode(back)}"
    return downloads.answer(request, control_book.KEY, control_book.params_of(None if whole else team, span), to=to)
