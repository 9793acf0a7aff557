"""Questions about odd patterns, for the head alone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from discipline import signal_page, spans, team_day, team_tabs


@require_safe
@needs(Permission.SIGNAL_VIEW)
def show(request: Any) -> HttpResponse:
    """What a team's records ask, grouped by question; this month without a choice."""
    teams, team = team_day.chosen(request.user, request.GET.get("team", ""))
    if team is None and request.GET.get("team"):
        raise Http404
    now, today = timezone.now(), timezone.localdate()
    span = spans.Span.of(request.GET, today)
    context = {
        "tabs": team_tabs.tabs(request, "signals"),
        "teams": teams,
        "team": team,
        "span": span,
        "spans": spans.choices(span, team.pk) if team else [],
        "groups": signal_page.read(request.user, team, span, now) if team else [],
        "today": today,
    }
    return render(request, "discipline/signals/page.html", context)
