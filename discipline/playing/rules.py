"""The rules of a story: the classic ones, or what the file says instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from discipline.metrics import METRICS
from discipline.models import Comparison
from discipline.playing.story import Story, StoryError
from discipline.services.schemes import RuleSpec

CLASSIC = (
    RuleSpec(code="CO", metric="companies_added", threshold=2),
    RuleSpec(code="MT", metric="meetings_held", threshold=1),
    RuleSpec(code="CV", metric="conversations", threshold=5),
    RuleSpec(code="WN", metric="deals_won", threshold=1),
    RuleSpec(code="OD", metric="overdue_tasks", comparison=Comparison.AT_MOST),
    RuleSpec(code="NT", metric="deals_without_task", comparison=Comparison.AT_MOST),
    RuleSpec(code="TE", metric="data_in_time", comparison=Comparison.AT_MOST),
)
COMPARISONS = {">=": Comparison.AT_LEAST, "<=": Comparison.AT_MOST, "=": Comparison.EXACTLY, "==": Comparison.EXACTLY}
SETTABLE = frozenset(field.name for field in fields(RuleSpec)) - {"code"}


def rules_of(story: Story) -> tuple[RuleSpec, ...]:
    """The rules of a story by code.

    A file may say `rules` as a mapping from codes to a threshold, to some fields of the rule, or to nothing (the rule is left out);
    a code that the classic rules have begins from theirs, another one needs its metric. A list of rules stands for the whole set.
    """
    said = story.raw.get("rules")
    if said is None or said == "classic":
        return CLASSIC
    known = {rule.code: rule for rule in CLASSIC}
    if isinstance(said, Mapping):
        chosen = {code: _rule(code, facts, known) for code, facts in said.items() if facts not in (None, False)}
        kept = {code: rule for code, rule in known.items() if code not in said}
        return tuple({**kept, **chosen}.values())
    return tuple(_listed(one, known) for one in said)


def _listed(one: Any, known: Mapping[str, RuleSpec]) -> RuleSpec:
    if isinstance(one, str):
        return _rule(one, {}, known)
    facts = dict(one)
    return _rule(str(facts.pop("code", None) or facts.pop("rule")), facts, known)


def _rule(code: str, facts: Any, known: Mapping[str, RuleSpec]) -> RuleSpec:
    given = dict(facts) if isinstance(facts, Mapping) else {"threshold": facts}
    if unknown := sorted(set(given) - SETTABLE):
        raise StoryError(f"The rule {code} has something unknown: {', '.join(unknown)}.")
    if "comparison" in given:
        given["comparison"] = COMPARISONS.get(given["comparison"], given["comparison"])
    if "threshold" in given:
        given["threshold"] = Decimal(str(given["threshold"]))
    if "metric" in given and given["metric"] not in METRICS:
        raise StoryError(f"The rule {code} has no figure called {given['metric']}.")
    if code not in known and "metric" not in given:
        raise StoryError(f"The rule {code} has no metric.")
    return replace(known[code], **given) if code in known else RuleSpec(code=code, **given)
