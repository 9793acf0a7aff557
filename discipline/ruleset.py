"""A set of rules before it is published: what a rule is made of, and what is wrong with one. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from discipline.metrics import METRICS, Kind, figure_key
from discipline.models import Comparison, Period, Rule, Severity, WhenNothing

MOST_POINTS = 1000
"""What one rule may give or take."""
MOST_POINTS_OF_ALL = 10_000
"""What all rules of a version together may give or take: a card's sum stays a number that somebody can picture."""
LARGEST = Decimal("999999999999.99")
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """A rule as it is asked for. `code` is its short name on cards, unique in the scheme; the points are both positive numbers."""

    code: str
    metric: str
    threshold: Decimal | int = 0
    comparison: str = Comparison.AT_LEAST
    points_met: int = 1
    points_missed: int = 2
    scored: bool = True
    trial: bool = False
    label: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    period: str = Period.DAY
    by_plan: bool = False
    when_nothing: str = WhenNothing.NOT_APPLICABLE
    severity: str = Severity.NORMAL

    @classmethod
    def of(cls, rule: Rule) -> RuleSpec:
        return cls(**{name: getattr(rule, name) for name in cls.__dataclass_fields__})

    def columns(self) -> dict[str, Any]:
        """The fields of a Rule."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @property
    def figure(self) -> str:
        return figure_key(self.metric, self.parameters)


class UnknownMetric(Refused):
    code = "unknown_metric"
    field = "metric"
    message = _("There is no such figure. Choose one of the list.")


class RuleTwice(Refused):
    code = "rule_twice"
    field = "code"
    message = _("Two rules have the same short name. Give each its own.")


class FigureTwice(Refused):
    """One figure cannot be asked for twice in one period."""

    code = "figure_twice"
    field = "metric"
    message = _("Another rule asks for the same figure in the same period. Change that rule, or choose another figure.")


class BadRule(Refused):
    """A rule that no day could be measured by; `field` names what to mend."""

    code = "bad_rule"
    field = "threshold"


class TooManyPoints(Refused):
    code = "too_many_points"
    field = "points_met"
    message = _("All rules together may give or take at most 10 000 points. Lower the points of some.")


def check(asked: Sequence[RuleSpec]) -> list[RuleSpec]:
    """The rules as they are stored. Raises UnknownMetric, BadRule, BadParameter, RuleTwice, FigureTwice and TooManyPoints."""
    rules = [check_rule(rule) for rule in asked]
    if len({rule.code for rule in rules}) < len(rules):
        raise RuleTwice
    if len({(rule.figure, rule.period) for rule in rules}) < len(rules):
        raise FigureTwice
    scored = [rule for rule in rules if rule.scored]
    if max(sum(rule.points_met for rule in scored), sum(rule.points_missed for rule in scored)) > MOST_POINTS_OF_ALL:
        raise TooManyPoints
    return rules


def check_rule(rule: RuleSpec) -> RuleSpec:
    """One rule as it is stored, its parameters in their one form; what is wrong with it names the field to mend."""
    if rule.metric not in METRICS:
        raise UnknownMetric
    _check_name(rule)
    _check_threshold(rule)
    _check_choices(rule)
    _check_period(rule)
    return replace(rule, parameters=METRICS[rule.metric].check(rule.parameters))


def moved(rules: Sequence[RuleSpec], code: str, by: int) -> list[RuleSpec]:
    """The rules with one of them `by` places further down (up below zero), never beyond the ends."""
    place = next(n for n, rule in enumerate(rules) if rule.code == code)
    rest = [rule for rule in rules if rule.code != code]
    target = min(max(place + by, 0), len(rest))
    return [*rest[:target], rules[place], *rest[target:]]


def changed(rules: Sequence[RuleSpec], code: str, **facts: Any) -> list[RuleSpec]:
    """The rules with one of them changed."""
    return [replace(rule, **facts) if rule.code == code else rule for rule in rules]


def _check_name(rule: RuleSpec) -> None:
    if not rule.code.isascii() or len(rule.code) > 20 or not rule.code.replace("_", "").replace("-", "").isalnum():
        raise BadRule(_("Give a short name of at most 20 letters, figures, - or _."), field="code")
    if len(rule.label) > 80:
        raise BadRule(_("Give a name of at most 80 characters."), field="label")


def _check_threshold(rule: RuleSpec) -> None:
    if rule.threshold is None or not (asked := Decimal(rule.threshold)).is_finite() or asked < 0:
        raise BadRule(_("Say from which figure on the rule is kept: a number from 0 up."))
    if asked > LARGEST or asked != asked.quantize(CENT):
        raise BadRule(_("Give a figure with at most two places after the point."))


def _check_choices(rule: RuleSpec) -> None:
    if rule.comparison not in Comparison.values:
        raise BadRule(_("Say whether the figure must be at least, at most or exactly this."), field="comparison")
    if rule.period not in Period.values:
        raise BadRule(_("Say whether the rule looks at each day or each week."), field="period")
    if rule.when_nothing not in WhenNothing.values:
        raise BadRule(_("Say what holds when there is nothing to judge."), field="when_nothing")
    if rule.severity not in Severity.values:
        raise BadRule(_("Say how a missed rule is told."), field="severity")
    for name in ("points_met", "points_missed"):
        if not 0 <= getattr(rule, name) <= MOST_POINTS:
            raise BadRule(_("Give the points as numbers from 0 to 1000."), field=name)


def _check_period(rule: RuleSpec) -> None:
    flow = METRICS[rule.metric].kind == Kind.FLOW
    if rule.period == Period.WEEK and not flow:
        raise BadRule(
            _("Only what is done can be summed over a week. This figure is a state: ask for it each day."),
            field="period",
        )
    if rule.by_plan and (rule.period != Period.WEEK or rule.comparison != Comparison.AT_LEAST):
        raise BadRule(
            _("A personal plan is judged each week, as at least. Choose the week, or give a figure of its own."),
            field="by_plan",
        )
