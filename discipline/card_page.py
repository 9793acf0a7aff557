"""A scored day as its page shows it: the card, its rules, the days around it, who reviewed it, in four statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline import asked, card_lines
from discipline.card_lines import LineView
from discipline.models import CardReview, Mode, Result, Scorecard, ScoreLine

TREND_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """Everything that the page draws."""

    card: Scorecard
    lines: list[LineView]
    shown: list[LineView]
    most: int
    met: int
    missed: int
    trend: list[int]
    lead: str
    sentence: str
    earlier: int | None
    later: int | None
    reviews: list[CardReview]

    @property
    def notice(self) -> str:
        """Why the points are not what reaches the ledger, where that is so."""
        if not self.card.signed:
            return _("Posts 0: the rules were not signed before the window opened.")
        if self.card.mode == Mode.TRIAL:
            return _("This day was on trial: the points are shown and do not count.")
        if self.card.mode == Mode.SOFT:
            return _("The team is in its soft start: only points won count, here %(n)s.") % {"n": self.card.posted}
        return ""

    @property
    def notice_tone(self) -> str:
        return "info" if self.card.signed else "watch"

    @property
    def there(self) -> str:
        """How long the person was there, on part days."""
        return asked.there(self.card) if self.card.absent else ""

    @property
    def new_hire(self) -> str:
        return asked.new_hire(self.card) if self.card.ramp < 100 else ""


def read(card: Scorecard, reader: Any) -> CardPage:
    """The page of a card that was found with user, team and version."""
    lines = list(card.lines.select_related("rule", "appeal__adjustment"))
    before = _before(card)
    earlier, later = _around(card, reader)
    drawn = [card_lines.draw(line, card, list(before[line.code].values())) for line in lines]
    missed = [one for one in drawn if one.missed]
    return CardPage(
        card=card,
        lines=[one for one in drawn if one.line.rule.scored],
        shown=[one for one in drawn if not one.line.rule.scored],
        most=sum(line.rule.points_met for line in lines if line.rule.scored and not line.rule.trial),
        met=sum(line.result == Result.MET and not line.rule.trial for line in lines),
        missed=len(missed),
        trend=list(before[""].values()),
        lead=lead(len(missed)),
        sentence=_sentence(missed),
        earlier=earlier,
        later=later,
        reviews=list(card.reviews.select_related("reviewer")),
    )


def lead(missed: int) -> str:
    """The first words about a day."""
    if not missed:
        return _("Everything was kept.")
    return ngettext("%(n)s rule missed.", "%(n)s rules missed.", missed) % {"n": missed}


def _sentence(missed: list[LineView]) -> str:
    """Which ones, and what keeping them would have given."""
    if not missed:
        return _("Well done.")
    names = ", ".join(one.label for one in missed)
    rules = [one.line.rule for one in missed]
    back = sum(rule.points_met + rule.points_missed for rule in rules)
    given = ngettext(
        "%(rules)s: keeping it would have given %(n)s point.",
        "%(rules)s: keeping it would have given %(n)s points.",
        back,
    )
    return given % {"rules": names, "n": back}


def _around(card: Scorecard, reader: Any) -> tuple[int | None, int | None]:
    """The person's cards before and after this one, as far as the reader may see them: one statement."""
    his = Scorecard.objects.visible_to(reader).filter(user=card.user_id)
    before = his.filter(day__lt=card.day).order_by("-day").values_list("day", "pk")[:1]
    after = his.filter(day__gt=card.day).order_by("day").values_list("day", "pk")[:1]
    found: dict[date, int] = dict(before.union(after))
    return (
        next((pk for day, pk in found.items() if day < card.day), None),
        next((pk for day, pk in found.items() if day > card.day), None),
    )


def _before(card: Scorecard) -> dict[str, dict[Any, Any]]:
    """Figures by rule and day, and points by day (under ""), of the last days up to this one, oldest first: one statement."""
    days = Scorecard.objects.filter(user=card.user_id, day__lte=card.day).order_by("-day").values("pk")[:TREND_DAYS]
    rows: QuerySet[Any, Any] = ScoreLine.objects.filter(card__in=days).order_by("card__day", "position")
    figures: dict[str, dict[Any, Any]] = defaultdict(dict)
    for code, value, day, points in rows.values_list("code", "value", "card__day", "card__points"):
        figures[code][day] = Decimal(value or 0)
        figures[""][day] = points
    return figures
