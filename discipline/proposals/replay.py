"""Judging closed days again with what became known since: cause after cause, so that each is answerable for its own points.

The order matters. Leave may take the day away altogether; what an outage covers cannot be missed; then come records that arrived
late, and last what was counted and is gone. Each step is judged by the same functions as the closing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from discipline import scoring
from discipline.metrics import METRICS, Kind, Measure
from discipline.models import AdjustmentKind, Result, Scorecard, ScoreLine
from discipline.proposals.base import Cause, Row
from discipline.scoring import Asked, Line
from discipline.services import days
from discipline.timetable import Timetable
from discipline.windows import Window

Judged = dict[int, Line]
"""Lines by the key of their rule."""
Facts = Mapping[str, Sequence[Row]]
"""By cause, the records behind it."""
CENT = Decimal("0.01")
LATE_BY = timedelta(days=35)
"""What telephony brings later than so long after the horizon changes nothing any more."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """The day once a cause is known as well: its lines, and what they would have posted. Without a window there is neither."""

    kind: str
    lines: Judged
    posted: int


@dataclass(frozen=True, kw_only=True)
class Again:
    """A card and how it would have come out, step by step."""

    card: Scorecard
    stored: dict[int, ScoreLine]
    steps: list[Step]

    def before(self, step: Step) -> Judged:
        """The lines that a step begins with."""
        place = self.steps.index(step)
        return self.steps[place - 1].lines if place else judged_then(self.stored)


@dataclass(frozen=True)
class _Plan:
    """The windows of a card's steps; None where the day is gone."""

    windows: list[tuple[str, Window | None]]
    by_later_knowledge: bool


def replay(cards: Sequence[Scorecard], facts: Mapping[int, Facts], *, now: datetime) -> list[Again]:
    """How these cards (read with their lines and rules) would have come out; those without any window of their own are left out."""
    people, listed = {card.user_id for card in cards}, [card.day for card in cards]
    first, until = min(listed), max(listed)
    then = Timetable.of_people(people, first=first, until=until)
    since = Timetable.of_people(people, first=first, until=until, knowing=now)
    plans = {card.pk: plan for card in cards if (plan := _plan(card, facts[card.pk], then, since, now)) is not None}
    judged = {
        later: _judged([window for plan in plans.values() if plan.by_later_knowledge == later for _kind, window in plan.windows], timetable)
        for later, timetable in ((False, then), (True, since))
    }  # fmt: skip
    return [
        _again(card, facts[card.pk], plans[card.pk], judged[plans[card.pk].by_later_knowledge])
        for card in cards
        if card.pk in plans
    ]


def judged_then(stored: Mapping[int, ScoreLine]) -> Judged:
    """The lines as they stand on the card."""
    return {
        rule: Line(
            rule=line.rule, measure=Measure(line.value or Decimal(0), 1), result=line.result, reason=line.reason, points=line.points,
            asked=Asked(threshold=line.threshold, opens=line.opens),
        )
        for rule, line in stored.items()
    }  # fmt: skip


def _plan(card: Scorecard, facts: Facts, then: Timetable, since: Timetable, now: datetime) -> _Plan | None:
    """Which window each cause leads to. Mode, new hire's step and rules stay what they were."""
    window = base = then.window(card.user_id, card.day)
    if base is None:
        return None
    windows: list[tuple[str, Window | None]] = []
    later = since.window(card.user_id, card.day)
    if AdjustmentKind.LATE_LEAVE in facts:
        window = None if later is None else replace(later, mode=base.mode, ramp=base.ramp, out=base.out)
        windows.append((AdjustmentKind.LATE_LEAVE, window))
    if AdjustmentKind.LATE_OUTAGE in facts and window is not None and later is not None:
        window = replace(window, out=base.out | later.out)
        windows.append((AdjustmentKind.LATE_OUTAGE, window))
    if AdjustmentKind.LATE_CALLS in facts and window is not None:
        window = replace(window, captured_until=min(now, window.horizon + LATE_BY))
        windows.append((AdjustmentKind.LATE_CALLS, window))
    if window is not None:
        gone = (AdjustmentKind.COMPANY_DELETED, AdjustmentKind.WIN_REOPENED)
        windows += [(kind, window) for kind in gone if kind in facts]
    return _Plan(windows, AdjustmentKind.LATE_LEAVE in facts)


def _judged(windows: Sequence[Window | None], timetable: Timetable) -> dict[Window, list[Line]]:
    """The lines of every window that differs from another, in the statements of one closing."""
    asked = list(dict.fromkeys(window for window in windows if window is not None))
    return {card.window: card.lines for card in days.score(asked, timetable)} if asked else {}


def _again(card: Scorecard, facts: Facts, plan: _Plan, judged: Mapping[Window, list[Line]]) -> Again:
    stored = {line.rule_id: line for line in card.lines.all()}
    lines, steps = judged_then(stored), []
    gone: set[tuple[Any, Any]] = set()
    evidence = {rule: line.evidence for rule, line in stored.items()}
    for kind, window in plan.windows:
        if window is None:
            lines = {}
        elif kind in (AdjustmentKind.COMPANY_DELETED, AdjustmentKind.WIN_REOPENED):
            gone = {(row[0], row[1]) for row in facts[kind]}
            lines = {rule: _without(line, evidence.get(rule, []), gone, window) for rule, line in lines.items()}
        else:
            lines, evidence = _measured(kind, judged.get(window, []), lines, evidence)
        steps.append(Step(kind=kind, lines=lines, posted=_posted(lines, card)))
    return Again(card=card, stored=stored, steps=steps)


def _measured(
    kind: str, found: Sequence[Line], before: Judged, evidence: Mapping[int, list[Row]]
) -> tuple[Judged, dict[int, list[Row]]]:
    """The lines measured again. Records that came late only add to what was done: states and punctuality stay as they were."""
    again = {line.rule.pk: line for line in found}
    if kind == AdjustmentKind.LATE_CALLS:
        again = {rule: line for rule, line in again.items() if METRICS[line.rule.metric].kind == Kind.FLOW}
        again = {**before, **again}
    shown = {
        rule: line.measure.evidence if line is not before.get(rule) else evidence.get(rule, [])
        for rule, line in again.items()
    }
    return again, shown


def _without(line: Line, evidence: Sequence[Row], gone: set[tuple[Any, Any]], window: Window) -> Line:
    """A line less the records that are gone; what did not apply still does not."""
    if METRICS[line.rule.metric].kind != Kind.FLOW or line.result == Result.NOT_APPLICABLE:
        return line
    counted = [row for row in evidence if row[2] == "counted"]
    lost = [row for row in counted if (row[0], row[1]) in gone]
    if not lost:
        return line
    less = sum(Decimal(str(row[4])) for row in lost) if _adds_up(counted, line.measure.value) else Decimal(len(lost))
    return scoring.line(line.rule, line.measure._replace(value=line.measure.value - less), window, line.asked)


def _adds_up(counted: Sequence[Row], value: Decimal) -> bool:
    """Whether the figure is the sum of what its records bring, as with money, and not their number."""
    if any(row[4] is None for row in counted):
        return False
    return sum((Decimal(str(row[4])) for row in counted), Decimal(0)).quantize(CENT) == Decimal(value).quantize(CENT)


def _posted(lines: Judged, card: Scorecard) -> int:
    return scoring.posted([line.points for line in lines.values()], card.mode, signed=card.signed)


def causes_of(cards: Sequence[Scorecard], causes: Sequence[Cause], *, now: datetime) -> dict[int, dict[str, list[Row]]]:
    """Everything that became known about these cards after their horizon, by card and cause: one statement a cause."""
    people, keys = sorted({card.user_id for card in cards}), [card.pk for card in cards]
    since = min(card.cut_off for card in cards)
    facts: dict[int, dict[str, list[Row]]] = {card.pk: {} for card in cards}
    for cause in causes:
        for pk, rows in cause.find(since=since, now=now, people=people, cards=keys).items():
            facts[pk][cause.kind] = rows
    return facts
