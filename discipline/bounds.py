"""What a card, or a line of it, could have posted at the least and at the most. Corrections stay within."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discipline import scoring
from discipline.models import Mode, Rule, Scorecard, ScoreLine


@dataclass(frozen=True)
class Bounds:
    """From the least to the most points that could have been posted."""

    low: int
    high: int

    def cut(self, delta: int, now: int) -> int:
        """As much of a change as leaves what stands at `now` within."""
        return max(min(delta, self.high - now), self.low - now)


NOTHING = Bounds(0, 0)


def of_line(rule: Rule, card: Scorecard) -> Bounds:
    """What one rule could have posted under the card's mode; nothing on trial, unsigned, or when it is only shown."""
    if not counts(card) or not rule.scored or rule.trial:
        return NOTHING
    return Bounds(-rule.points_missed if card.mode == Mode.LIVE else 0, rule.points_met)


def of_card(lines: Iterable[ScoreLine], card: Scorecard) -> Bounds:
    """What a card with these lines (with their rules) could have posted."""
    found = [of_line(line.rule, card) for line in lines]
    return Bounds(sum(one.low for one in found), sum(one.high for one in found))


def counts(card: Scorecard) -> bool:
    """Whether anything on the card reaches the ledger at all."""
    return card.signed and card.mode in (Mode.LIVE, Mode.SOFT)


def posted(line: ScoreLine, card: Scorecard) -> int:
    """What a line's points came to in the ledger."""
    return scoring.posted([line.points], card.mode, signed=card.signed)
