"""The team's day, and the evidence behind one of its cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from discipline import evidence, team_day, team_tabs, words
from discipline.metrics import METRICS, bound
from discipline.models import Result, Scorecard, ScoreLine
from discipline.windows import Window


@require_safe
@needs(Permission.TEAM_DAY_VIEW)
def show(request: Any) -> HttpResponse:
    """People and rules of one team and day; without a choice the first team and its last closed day."""
    asked = request.GET.get("team", "")
    teams, team = team_day.chosen(request.user, asked)
    if team is None:
        if asked:
            raise Http404
        return render(
            request, "discipline/team_day/page.html", {"teams": [], "tabs": team_tabs.tabs(request, "team-day")}
        )
    closed = team_day.read(request.user, team, _day(request.GET.get("day", "")))
    today = timezone.localdate()
    day = closed.day or today
    so_far = team_day.running(team, day, timezone.now()) if day == today and closed.page is None else None
    context = {
        "teams": teams,
        "team": team,
        "day": day,
        "earlier": closed.earlier,
        "later": closed.later,
        "page": closed.page or so_far,
        "so_far": so_far is not None,
        "today": today,
        "tabs": team_tabs.tabs(request, "team-day"),
    }
    return render(request, "discipline/team_day/page.html", context)


@require_safe
@needs(Permission.CARD_VIEW)
def cell(request: Any) -> HttpResponse:
    """The records behind one line of a card, by their names as of that day; in place or in the dialog."""
    pk = request.GET.get("card", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    cards = Scorecard.objects.visible_to(request.user).select_related("user", "version")
    card = get_object_or_404(cards, pk=int(pk))
    line = get_object_or_404(ScoreLine.objects.select_related("rule"), card=card, code=request.GET.get("line", ""))
    metric = METRICS.get(line.metric)
    rows = line.evidence if metric is None or metric.kept else _again(card, line)
    context = {
        "card": card,
        "line": line,
        "label": words.label(line.metric, line.rule.label),
        "why": metric.why if metric else "",
        "state": words.STATES[Result(line.result)],
        "value": words.figure(line.value),
        "target": words.target(line.comparison, line.threshold),
        "reason": words.reason(line.reason),
        "items": evidence.described(rows, as_of=card.horizon, reader=request.user),
    }
    in_place = (request.htmx.target or "").startswith("records-")
    return render(request, "discipline/cards/_records.html" if in_place else "discipline/team_day/cell.html", context)


def _again(card: Scorecard, line: ScoreLine) -> list[Any]:
    """Evidence that is too long to keep, read again from history as of the card's instants."""
    window = Window.of_card(card)
    return bound(line.metric, line.rule.parameters).evidence(replace(window, opens=line.opens or window.opens))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
