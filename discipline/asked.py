"""Why a day asked for less than the rule says, in words: part of a day, part of a week, a new hire's steps."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from accounts import formats
from discipline import words
from discipline.models import Scorecard, ScoreLine

HALF = Fraction(1, 2)


def of_line(line: ScoreLine, card: Scorecard) -> str:
    """ "half a day: 2 of 5"; nothing where the whole was asked for. A weekly line keeps its threshold, not how long he was away."""
    if line.rule.by_plan:
        return _("from the personal plan")
    if line.threshold >= line.rule.threshold:
        return ""
    causes = [_("part of the week")] if line.opens else [*_away(card)]
    if card.ramp < 100:
        causes.append(new_hire(card))
    if not causes:
        return ""
    shown = {"why": ", ".join(causes), "n": words.figure(line.threshold), "of": words.figure(line.rule.threshold)}
    return _("%(why)s: %(n)s of %(of)s") % shown


def new_hire(card: Scorecard) -> str:
    """ "new hire at 50 %"."""
    return _("new hire at %(part)s") % {"part": formats.percent(card.ramp / 100)}


def there(card: Scorecard) -> str:
    """How much of the scheduled time somebody was there: "4 h of 8 h"."""
    return _("%(there)s of %(whole)s") % {
        "there": formats.duration(card.scheduled - card.absent),
        "whole": formats.duration(card.scheduled),
    }


def _away(card: Scorecard) -> list[str]:
    if not card.absent or not card.scheduled:
        return []
    half = Fraction(card.absent, card.scheduled) == HALF
    return [_("half a day") if half else _("there for %(time)s") % {"time": there(card)}]
