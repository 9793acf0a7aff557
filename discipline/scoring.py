"""From figures to points: what a rule says about a measure. Pure functions, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from discipline.metrics import METRICS, Measure
from discipline.models import Comparison, Mode, Result, Rule
from discipline.windows import Window

CENT = Decimal("0.01")
NO_ITEMS = "no_items"
NOT_SCORED = "not_scored"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A rule, its measure and what follows from them."""

    rule: Rule
    measure: Measure
    result: str
    reason: str
    points: int

    @property
    def value(self) -> Decimal:
        return self.measure.value.quantize(CENT)


def line(rule: Rule, measure: Measure) -> Line:
    """Judge one rule: met earns points, missed costs them, what does not apply does neither."""
    result, reason = _result(rule, measure)
    points = rule.points_met if result == Result.MET else -rule.points_missed if result == Result.MISSED else 0
    return Line(rule=rule, measure=measure, result=result, reason=reason, points=points)


def holds(value: Decimal, comparison: str, threshold: Decimal) -> bool:
    """Whether a value is as the rule wants it."""
    if comparison == Comparison.AT_LEAST:
        return value >= threshold
    if comparison == Comparison.AT_MOST:
        return value <= threshold
    return value == threshold


def posted(lines: Sequence[Line], mode: str) -> int:
    """What reaches the ledger: all points live, in the soft mode only those won, none in a trial."""
    if mode == Mode.LIVE:
        return sum(line.points for line in lines)
    if mode == Mode.SOFT:
        return sum(line.points for line in lines if line.points > 0)
    return 0


def fingerprint(window: Window, figures: Mapping[str, Measure], lines: Sequence[Line]) -> str:
    """A hash of everything that the card follows from: instants, figures, records and rules."""
    facts: dict[str, Any] = {
        "person": window.person_id,
        "day": window.day.isoformat(),
        "opens": window.opens.isoformat(),
        "cut_off": window.cut_off.isoformat(),
        "mode": window.mode,
        "figures": {
            key: [METRICS[key].version, str(measure.value.quantize(CENT)), measure.held, measure.evidence]
            for key, measure in figures.items()
        },
        "rules": [
            [one.rule.code, one.rule.metric, one.rule.comparison, str(one.rule.threshold), one.points] for one in lines
        ],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _result(rule: Rule, measure: Measure) -> tuple[str, str]:
    if not rule.scored:
        return Result.NOT_APPLICABLE, NOT_SCORED
    if METRICS[rule.metric].needs_items and not measure.held and not measure.value:
        return Result.NOT_APPLICABLE, NO_ITEMS
    met = holds(measure.value.quantize(CENT), rule.comparison, rule.threshold)
    return (Result.MET, "") if met else (Result.MISSED, "")
