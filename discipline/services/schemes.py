"""Schemes: published in versions, each whole and for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline.metrics import METRICS
from discipline.models import Comparison, Period, Rule, Scheme, SchemeVersion, Severity, WhenNothing

FACTORY_NAME = "Standard"


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """A rule as it is asked for. `code` is its short name on cards, unique in the scheme."""

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


FACTORY: tuple[RuleSpec, ...] = (
    RuleSpec(code="companies", metric="companies_added", threshold=2),
    RuleSpec(code="meetings", metric="meetings_held", threshold=1),
    RuleSpec(code="conversations", metric="conversations", threshold=10),
    RuleSpec(code="overdue", metric="overdue_tasks", comparison=Comparison.AT_MOST),
    RuleSpec(code="without_task", metric="deals_without_task", comparison=Comparison.AT_MOST),
    RuleSpec(code="lost_reason", metric="lost_without_reason", comparison=Comparison.AT_MOST),
    RuleSpec(code="in_time", metric="data_in_time", comparison=Comparison.AT_MOST),
    RuleSpec(code="in_progress", metric="deals_in_progress", scored=False),
    RuleSpec(code="won", metric="deals_won", scored=False),
    RuleSpec(code="sum_won", metric="sum_won", scored=False),
)
"""What a company starts with: +1 and -2 each; the last three are shown, not scored."""


class UnknownMetric(Refused):
    code = "unknown_metric"
    field = "metric"
    message = _("There is no such figure. Choose one of the list.")


class RuleTwice(Refused):
    code = "rule_twice"
    field = "code"
    message = _("Two rules have the same short name. Give each its own.")


class BadRule(Refused):
    """A threshold or points that no day could be measured by."""

    code = "bad_rule"
    field = "threshold"


class TooEarly(Refused):
    """Rules never reach back."""

    code = "too_early"
    field = "on"
    message = _("People must know a rule before it counts. Choose tomorrow or a later day.")


@transaction.atomic
def factory(*, by: User, at: datetime, on: date | None = None) -> Scheme:
    """The scheme a company starts with, published; the one that is there when it was made before."""
    there = Scheme.objects.filter(name=FACTORY_NAME).first()
    return there or publish(name=FACTORY_NAME, rules=FACTORY, on=on, by=by, at=at).scheme


@transaction.atomic
def publish(*, name: str, rules: Sequence[RuleSpec], by: User, at: datetime, on: date | None = None) -> SchemeVersion:
    """Publish a version of the scheme with this name, the first one or the next.

    `on` is its first day, by default tomorrow where `by` is; it counts in windows that open after `at`. Only a scheme's first
    version may begin in the past: the days before had no rules. Raises TooEarly, UnknownMetric, RuleTwice and BadRule.
    """
    ensure(by, Permission.RULES_EDIT)
    check(rules)
    scheme, _made = Scheme.objects.get_or_create(name=name)
    Scheme.objects.select_for_update().get(pk=scheme.pk)
    latest = scheme.versions.order_by("-number").first()
    tomorrow = local_day(at, by.zone) + timedelta(days=1)
    if latest is not None and on is not None and on < tomorrow:
        raise TooEarly
    version = SchemeVersion.objects.create(scheme=scheme, number=latest.number + 1 if latest else 1)
    Rule.objects.bulk_create(
        Rule(version=version, position=position, **_columns(rule)) for position, rule in enumerate(rules)
    )
    SchemeVersion.objects.filter(pk=version.pk).update(effective_from=on or tomorrow, published_at=at, published_by=by)
    version.refresh_from_db()
    return version


@transaction.atomic
def change(
    *, scheme: Scheme, code: str, by: User, at: datetime, on: date | None = None, **changes: Any
) -> SchemeVersion:
    """Publish the next version with one rule changed: any of RuleSpec's fields, by the rule's code."""
    latest = scheme.versions.published().prefetch_related("rules").first()
    rules = {rule.code: _spec(rule) for rule in latest.rules.all()} if latest else {}
    if code not in rules:
        raise UnknownMetric
    rules[code] = replace(rules[code], **changes)
    return publish(name=scheme.name, rules=list(rules.values()), on=on, by=by, at=at)


def check(rules: Sequence[RuleSpec]) -> None:
    """Raise what is wrong with a set of rules."""
    if len({rule.code for rule in rules}) < len(rules):
        raise RuleTwice
    for rule in rules:
        if rule.metric not in METRICS:
            raise UnknownMetric
        if rule.threshold is None or not Decimal(rule.threshold).is_finite() or rule.threshold < 0:
            raise BadRule(_("Say from which figure on the rule is kept: a number from 0 up."))
        if rule.comparison not in Comparison.values:
            raise BadRule(_("Say whether the figure must be at least, at most or exactly this."), field="comparison")
        if not (0 <= rule.points_met <= 1000 and 0 <= rule.points_missed <= 1000):
            raise BadRule(_("Give the points as numbers from 0 to 1000."), field="points_met")


def _columns(rule: RuleSpec) -> Mapping[str, Any]:
    return {name: getattr(rule, name) for name in RuleSpec.__dataclass_fields__}


def _spec(rule: Rule) -> RuleSpec:
    return RuleSpec(**{name: getattr(rule, name) for name in RuleSpec.__dataclass_fields__})
