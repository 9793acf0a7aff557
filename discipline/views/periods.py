"""A team over a period: two heat maps, and the lines behind a cell."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import needs
from discipline import period, spans, team_day, team_tabs, words
from discipline.models import Result


@require_safe
@needs(Permission.TEAM_DAY_VIEW)
def show(request: Any) -> HttpResponse:
    """People and rules, people and days, of one team; this month without a choice."""
    teams, team = team_day.chosen(request.user, request.GET.get("team", ""))
    if team is None and request.GET.get("team"):
        raise Http404
    today = timezone.localdate()
    span = spans.Span.of(request.GET, today)
    context = {
        "tabs": team_tabs.tabs(request, "period"),
        "teams": teams,
        "team": team,
        "span": span,
        "spans": spans.choices(span, team.pk) if team else [],
        "page": period.read(request.user, team, span, today) if team else None,
        "today": today,
    }
    return render(request, "discipline/period/page.html", context)


@require_safe
@needs(Permission.TEAM_DAY_VIEW)
def lines(request: Any) -> HttpResponse:
    """The lines behind one cell, each leading to its card."""
    team = _team(request)
    person, span = request.GET.get("user", ""), spans.Span.of(request.GET, timezone.localdate())
    if not (person.isascii() and person.isdigit() and len(person) < 19):
        raise Http404
    found = list(period.lines(request.user, team, span, int(person), request.GET.get("code", "")))
    if not found:
        raise Http404
    rows = [
        {
            "card": line.card,
            "state": words.STATES[Result(line.result)],
            "value": words.figure(line.value),
            "target": words.target(line.comparison, line.threshold),
            "reason": words.reason(line.reason),
            "points": line.points,
        }
        for line in found
    ]
    context = {"rows": rows, "label": words.label(found[0].metric, found[0].rule.label), "person": found[0].card.user}
    return render(request, "discipline/period/lines.html", context)


def _team(request: Any) -> Team:
    _teams, team = team_day.chosen(request.user, request.GET.get("team", ""))
    if team is None or not request.GET.get("team"):
        raise Http404
    return team
