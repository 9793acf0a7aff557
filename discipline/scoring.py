"""From figures to points: what a rule says about a measure. Pure functions, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from discipline.metrics import METRICS, Kind, Measure
from discipline.models import Comparison, Mode, OutageSource, Result, Rule, WhenNothing
from discipline.windows import Window

CENT = Decimal("0.01")
LEAST_EXPOSURE = Fraction(1, 4)
"""Who was there for less of his time is not asked for anything that takes time."""
NO_ITEMS = "no_items"
NOT_SCORED = "not_scored"
EXPOSURE = "exposure"
OUTAGE = "outage"
NO_PLAN = "no_plan"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a rule asks of one person that day: the threshold, for which part of the time he was there, and since when it looks.

    `threshold` is None where the personal plan that it comes from is missing; `opens` is set on weekly lines.
    """

    threshold: Decimal | None
    exposure: Fraction = Fraction(1)
    opens: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A rule, what it asked, its measure and what follows from them."""

    rule: Rule
    measure: Measure
    asked: Asked
    result: str
    reason: str
    points: int

    @property
    def value(self) -> Decimal:
        return self.measure.value.quantize(CENT)

    @property
    def threshold(self) -> Decimal:
        return Decimal(0) if self.asked.threshold is None else self.asked.threshold


def asked(rule: Rule, window: Window, *, base: Decimal | None = None) -> Asked:
    """What a daily rule asks in a window; `base` stands in for the rule's own threshold."""
    whole = rule.threshold if base is None else base
    return Asked(threshold=prorated(rule, whole, window.exposure, window.ramp), exposure=window.exposure)


def prorated(rule: Rule, threshold: Decimal, exposure: Fraction, ramp: int) -> Decimal:
    """A threshold for part of the time and for new hires: max(1, floor(t x f)) of what is to be done at least; nothing else is less.

    The formula is the scoring model's own: f = 1 - absent / scheduled, and the step of a new hire.
    """
    if METRICS[rule.metric].kind != Kind.FLOW or rule.comparison != Comparison.AT_LEAST or threshold <= 0:
        return threshold
    part = exposure * Fraction(ramp, 100)
    return threshold if part >= 1 else Decimal(max(1, int(Fraction(threshold) * part)))


def line(rule: Rule, measure: Measure, window: Window, ask: Asked | None = None) -> Line:
    """Judge one rule: met earns points, missed costs them, what does not apply does neither. On trial it is judged for nothing."""
    ask = ask or asked(rule, window)
    result, reason = _result(rule, measure, window, ask)
    points = rule.points_met if result == Result.MET else -rule.points_missed if result == Result.MISSED else 0
    return Line(rule=rule, measure=measure, asked=ask, result=result, reason=reason, points=0 if rule.trial else points)


def holds(value: Decimal, comparison: str, threshold: Decimal) -> bool:
    """Whether a value is as the rule wants it."""
    if comparison == Comparison.AT_LEAST:
        return value >= threshold
    if comparison == Comparison.AT_MOST:
        return value <= threshold
    return value == threshold


def posted(points: Sequence[int], mode: str, *, signed: bool = True) -> int:
    """What of the lines' points reaches the ledger: all live, in the soft mode only those won; none in a trial or unsigned."""
    if not signed or mode not in (Mode.LIVE, Mode.SOFT):
        return 0
    return sum(one for one in points if mode == Mode.LIVE or one > 0)


def fingerprint(
    window: Window, figures: Mapping[str, Measure], lines: Sequence[Line], *, version: int, signed: bool
) -> str:
    """A hash of everything that the card follows from: instants, absence, figures, records and rules."""
    facts: dict[str, Any] = {
        "person": window.person_id,
        "day": window.day.isoformat(),
        "opens": window.opens.isoformat(),
        "cut_off": window.cut_off.isoformat(),
        "mode": window.mode,
        "version": version,
        "signed": signed,
        "there": [window.scheduled, window.absent, window.ramp, sorted(window.out)],
        "figures": {
            key: [str(measure.value.quantize(CENT)), measure.held, measure.records] for key, measure in figures.items()
        },
        "rules": [
            [one.rule.code, METRICS[one.rule.metric].version, str(one.threshold), one.result, one.points]
            for one in lines
        ],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _result(rule: Rule, measure: Measure, window: Window, ask: Asked) -> tuple[str, str]:
    metric = METRICS[rule.metric]
    if not rule.scored:
        return Result.NOT_APPLICABLE, NOT_SCORED
    if ask.threshold is None:
        return Result.NOT_APPLICABLE, NO_PLAN
    if metric.kind == Kind.FLOW and rule.comparison == Comparison.AT_LEAST and ask.exposure < LEAST_EXPOSURE:
        return Result.NOT_APPLICABLE, EXPOSURE
    if metric.needs_items and not measure.held and not measure.value:
        return rule.when_nothing, NO_ITEMS if rule.when_nothing == WhenNothing.NOT_APPLICABLE else ""
    if holds(measure.value.quantize(CENT), rule.comparison, ask.threshold):
        return Result.MET, ""
    if window.out & {OutageSource.EVERYTHING, *metric.sources}:
        return Result.NOT_APPLICABLE, OUTAGE
    return Result.MISSED, ""
