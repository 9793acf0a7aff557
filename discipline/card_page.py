"""A scored day as its page shows it: the card, its rules, and the days before, in three statements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline import words
from discipline.metrics import METRICS
from discipline.models import Mode, Result, Scorecard, ScoreLine

TREND_DAYS = 14
MOST_RULES = 40


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """Everything that the page draws."""

    card: Scorecard
    lines: list[dict[str, Any]]
    shown: list[dict[str, Any]]
    most: int
    met: int
    missed: int
    trend: list[int]
    lead: str
    sentence: str

    @property
    def notice(self) -> str:
        """Why the points are not what reaches the ledger, where that is so."""
        if self.card.mode == Mode.TRIAL:
            return _("The team is on trial: the points are shown and do not count.")
        if self.card.mode == Mode.SOFT:
            return _("The team is in its soft start: only points won count, here %(n)s.") % {"n": self.card.posted}
        return ""


def read(card: Scorecard) -> CardPage:
    """The page of a card that was found with user, team and version."""
    lines = list(card.lines.select_related("rule").defer("evidence"))
    before = _before(card)
    drawn = [(line, draw(line, before)) for line in lines]
    missed = [line for line in lines if line.result == Result.MISSED]
    return CardPage(
        card=card,
        lines=[row for line, row in drawn if line.rule.scored],
        shown=[row for line, row in drawn if not line.rule.scored],
        most=sum(line.rule.points_met for line in lines if line.rule.scored),
        met=sum(line.result == Result.MET for line in lines),
        missed=len(missed),
        trend=list(before["points"].values()),
        lead=_lead(missed),
        sentence=_sentence(missed),
    )


def draw(line: ScoreLine, before: dict[str, dict[Any, Any]]) -> dict[str, Any]:
    """A rule as the score table draws it."""
    metric = METRICS.get(line.metric)
    evidence = f"{reverse('discipline:cell')}?card={line.card_id}&line={line.code}"
    return {
        "icon": metric.icon if metric else "point",
        "state": words.STATES[Result(line.result)],
        "label": words.label(line.metric),
        "note": words.reason(line.reason) or words.target(line.comparison, line.threshold),
        "value": words.figure(line.value),
        "target": words.figure(line.threshold) if line.rule.scored else "",
        "part": 0.0 if line.reason else words.part(line.comparison, line.value, line.threshold),
        "trend": list(before[line.metric].values()),
        "points": line.points if line.rule.scored else None,
        "href": evidence,
        "get": evidence,
    }


def _lead(missed: list[ScoreLine]) -> str:
    if not missed:
        return _("Everything was kept.")
    return ngettext("%(n)s rule missed.", "%(n)s rules missed.", len(missed)) % {"n": len(missed)}


def _sentence(missed: list[ScoreLine]) -> str:
    """Which ones, and what keeping them would have given."""
    if not missed:
        return _("Well done.")
    names = ", ".join(words.label(line.metric) for line in missed)
    back = sum(line.rule.points_met + line.rule.points_missed for line in missed)
    given = ngettext(
        "%(rules)s: keeping it would have given %(n)s point.",
        "%(rules)s: keeping it would have given %(n)s points.",
        back,
    )
    return given % {"rules": names, "n": back}


def _before(card: Scorecard) -> dict[str, dict[Any, Any]]:
    """Figures by metric and day, and points by day, of the last days up to this one, oldest first: one statement."""
    days = Scorecard.objects.filter(user=card.user_id, day__lte=card.day).order_by("-day").values("pk")[:TREND_DAYS]
    rows: QuerySet[Any, Any] = ScoreLine.objects.filter(card__in=days).order_by("card__day", "position")
    figures: dict[str, dict[Any, Any]] = {key: {} for key in METRICS} | {"points": {}}
    for metric, value, day, points in rows.values_list("metric", "value", "card__day", "card__points"):
        figures.setdefault(metric, {})[day] = Decimal(value or 0)
        figures["points"][day] = points
    return figures
