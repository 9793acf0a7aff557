"""A scored day as its page shows it: the card, its rules, the days around it, who reviewed it, in two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from accounts.policy import scope
from accounts.together import together
from discipline import asked, card_lines, corrections
from discipline.card_lines import LineView
from discipline.models import CardReview, DaySheet, Mode, Result, Scorecard

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
    corrections: list[corrections.Row]
    may_correct: bool

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


def find(reader: Any) -> QuerySet[Scorecard]:
    """The cards that a reader may open, with what their page says of them; `may_correct` where he may put them right."""
    allowed = scope(reader, Permission.ADJUSTMENT_ADD)
    may = ExpressionWrapper(allowed if allowed else Value(True), output_field=BooleanField())
    return (
        Scorecard.objects.visible_to(reader).select_related("user", "team", "version__scheme").annotate(may_correct=may)
    )


def read(card: Any, reader: Any) -> CardPage:
    """The page of a card that was found: one statement."""
    lines, sheets, earlier, later, reviews, *moved = together(
        card.lines.select_related("rule", "appeal__adjustment"),
        _sheets(card),
        *_around(card, reader),
        card.reviews.select_related("reviewer"),
        *corrections.about(card, reader),
    )
    before = _before(sheets)
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
        earlier=earlier[0]["pk"] if earlier else None,
        later=later[0]["pk"] if later else None,
        reviews=reviews,
        corrections=corrections.in_order(*moved),
        may_correct=card.may_correct,
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


def _around(card: Scorecard, reader: Any) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """The person's cards before and after this one, as far as the reader may see them."""
    his = Scorecard.objects.visible_to(reader).filter(user=card.user_id)
    return (
        his.filter(day__lt=card.day).order_by("-day").values("pk")[:1],
        his.filter(day__gt=card.day).order_by("day").values("pk")[:1],
    )


def _sheets(card: Scorecard) -> QuerySet[Any, Any]:
    """The person's last days up to this one, the latest first."""
    rows = DaySheet.objects.filter(user=card.user_id, day__lte=card.day)
    return rows.order_by("-day").values("day", "points", "lines")[:TREND_DAYS]


def _before(sheets: Sequence[Mapping[str, Any]]) -> dict[str, dict[Any, Any]]:
    """Figures by rule and day, and points by day (under ""), oldest first."""
    figures: dict[str, dict[Any, Any]] = defaultdict(dict)
    for sheet in reversed(sheets):
        figures[""][sheet["day"]] = sheet["points"]
        for code, _metric, _label, value, *_rest in sheet["lines"]:
            figures[code][sheet["day"]] = Decimal(str(value or 0))
    return figures
