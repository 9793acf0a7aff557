"""Schemes: drafted, then published in versions, each whole and for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline import ruleset
from discipline.metrics import METRICS
from discipline.models import Assignment, Comparison, Period, Rule, Scheme, SchemeVersion
from discipline.ruleset import BadRule, RuleSpec, RuleTwice, UnknownMetric
from discipline.services import sign_offs

__all__ = [
    "FACTORY", "BadRule", "RuleSpec", "RuleTwice", "UnknownMetric", "change", "discard", "draft", "factory", "publish", "publish_draft",
    "put_rules", "start",
]  # fmt: skip

FACTORY_NAME = "Standard"
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
    RuleSpec(code="week_won", metric="deals_won", period=Period.WEEK, by_plan=True),
    RuleSpec(code="week_sum_won", metric="sum_won", period=Period.WEEK, by_plan=True),
    RuleSpec(code="priorities", metric="priorities_done", threshold=3, trial=True),
    RuleSpec(code="ahead", metric="tasks_ahead", threshold=1, period=Period.WEEK, trial=True),
)
"""What a company starts with: +1 and -2 each. Three figures are shown and not scored each day; wins and their sum are scored each week
against the personal plan, and do not apply to whoever has none; the last two are on trial."""
LONGEST_NAME = 80


class TooEarly(Refused):
    """Rules never reach back."""

    code = "too_early"
    field = "on"
    message = _("People must know a rule before it counts. Choose tomorrow or a later day.")


class Overlaps(Refused):
    """Versions of one scheme follow each other; the next one does not begin before one that is already announced."""

    code = "versions_overlap"
    field = "on"

    def __init__(self, latest: SchemeVersion) -> None:
        said = _("Version %(number)s begins on %(day)s already. Choose that day or a later one.")
        super().__init__(said % {"number": latest.number, "day": latest.effective_from})


class Published(Refused):
    code = "published"
    message = _("This version is published and stays as it is. Draft the next one, and change that.")


class NoRules(Refused):
    code = "no_rules"
    message = _("There is no rule yet that is scored. Add one, then publish.")


class BadName(Refused):
    code = "bad_name"
    field = "name"


@transaction.atomic
def factory(*, by: User, at: datetime, on: date | None = None) -> Scheme:
    """The scheme a company starts with, published; the one that is there when it was made before."""
    there = Scheme.objects.filter(name=FACTORY_NAME).first()
    return there or publish(name=FACTORY_NAME, rules=FACTORY, on=on, by=by, at=at).scheme


@transaction.atomic
def start(*, name: str, by: User, at: datetime, like: Scheme | None = None) -> SchemeVersion:
    """A new scheme with a draft of its first version, its rules those of `like` or what every company starts with. Raises BadName."""
    ensure(by, Permission.RULES_EDIT)
    called = name.strip()
    if not 0 < len(called) <= LONGEST_NAME:
        raise BadName(_("Give the scheme a name of at most 80 characters."))
    if Scheme.objects.filter(name__iexact=called).exists():
        raise BadName(_("There is a scheme of this name. Give it another, or draft its next version."))
    latest = _latest(like) if like else None
    version = SchemeVersion.objects.create(scheme=Scheme.objects.create(name=called), number=1)
    _write(version, specs(latest) if latest else FACTORY)
    return version


@transaction.atomic
def draft(*, scheme: Scheme, by: User, at: datetime) -> SchemeVersion:
    """The draft of a scheme's next version: the one that is there, else a copy of what was published last."""
    ensure(by, Permission.RULES_EDIT)
    scheme = _locked(scheme)
    there = scheme.versions.filter(published_at__isnull=True).first()
    if there is not None:
        return there
    latest = _latest(scheme)
    version = SchemeVersion.objects.create(scheme=scheme, number=_next_number(scheme))
    _write(version, specs(latest) if latest else FACTORY)
    return version


@transaction.atomic
def put_rules(*, version: SchemeVersion, rules: Sequence[RuleSpec], by: User, at: datetime) -> SchemeVersion:
    """Let these be the rules of a draft, in this order. Raises Published, and what `ruleset.check` does; then nothing has changed."""
    ensure(by, Permission.RULES_EDIT)
    version = locked_draft(version)
    checked = ruleset.check(rules)
    version.rules.all().delete()
    _write(version, checked)
    return version


@transaction.atomic
def publish_draft(*, version: SchemeVersion, by: User, at: datetime, on: date | None = None) -> SchemeVersion:
    """Publish a draft from `on` (by default tomorrow where `by` is) and ask everybody scored by it to sign.

    It counts in windows that open after `at`. Raises Published, NoRules, TooEarly and Overlaps.
    """
    ensure(by, Permission.RULES_EDIT)
    _locked(version.scheme)
    version = locked_draft(version)
    rules = ruleset.check(specs(version))
    if not any(rule.scored for rule in rules):
        raise NoRules
    latest = _latest(version.scheme)
    first = _first_day(latest, on, by, at, free=False)
    number = max(version.number, latest.number + 1 if latest else 1)
    return _publish(version, number=number, on=first, by=by, at=at, told=True)


@transaction.atomic
def discard(*, version: SchemeVersion, by: User, at: datetime) -> None:
    """Delete a draft, and a scheme that has nothing else and scores nobody. Raises Published."""
    ensure(by, Permission.RULES_EDIT)
    version = locked_draft(version)
    scheme = version.scheme
    version.delete()
    if not scheme.versions.exists() and not Assignment.objects.filter(scheme=scheme).exists():
        scheme.delete()


@transaction.atomic
def publish(*, name: str, rules: Sequence[RuleSpec], by: User, at: datetime, on: date | None = None) -> SchemeVersion:
    """Publish a version of the scheme with this name, the first one or the next, without a draft.

    `on` is its first day, by default tomorrow where `by` is; it counts in windows that open after `at`. Only a scheme's first
    version may begin in the past: the days before had no rules. Raises TooEarly, Overlaps and what `ruleset.check` does.
    """
    ensure(by, Permission.RULES_EDIT)
    checked = ruleset.check(rules)
    scheme, _made = Scheme.objects.get_or_create(name=name)
    _locked(scheme)
    latest = _latest(scheme)
    first = _first_day(latest, on, by, at, free=latest is None)
    version = SchemeVersion.objects.create(scheme=scheme, number=_next_number(scheme))
    _write(version, checked)
    return _publish(version, number=version.number, on=first, by=by, at=at, told=latest is not None)


@transaction.atomic
def change(
    *, scheme: Scheme, code: str, by: User, at: datetime, on: date | None = None, **changes: Any
) -> SchemeVersion:
    """Publish the next version with one rule changed: any of RuleSpec's fields, by the rule's code."""
    latest = _latest(scheme)
    rules = specs(latest) if latest else []
    if code not in {rule.code for rule in rules}:
        raise UnknownMetric
    return publish(name=scheme.name, rules=ruleset.changed(rules, code, **changes), on=on, by=by, at=at)


def specs(version: SchemeVersion) -> list[RuleSpec]:
    """The rules of a version, as they would be asked for again; figures that are retired since are left out."""
    return [RuleSpec.of(rule) for rule in version.rules.all() if rule.metric in METRICS]


def locked_draft(version: SchemeVersion) -> SchemeVersion:
    """The version, locked, while it still is a draft. Raises Published."""
    found = SchemeVersion.objects.select_for_update(of=["self"]).select_related("scheme").get(pk=version.pk)
    if found.published_at is not None:
        raise Published
    return found


def _locked(scheme: Scheme) -> Scheme:
    return Scheme.objects.select_for_update().get(pk=scheme.pk)


def _latest(scheme: Scheme) -> SchemeVersion | None:
    """What was published last."""
    return scheme.versions.filter(published_at__isnull=False).order_by("-number").first()


def _next_number(scheme: Scheme) -> int:
    return (scheme.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _first_day(latest: SchemeVersion | None, on: date | None, by: User, at: datetime, *, free: bool) -> date:
    """From which day a version may hold: from tomorrow, and not before what was published already; `free` lets it reach back."""
    tomorrow = local_day(at, by.zone) + timedelta(days=1)
    begins = latest.effective_from if latest else None
    first = on or max(tomorrow, begins or tomorrow)
    if not free and first < tomorrow:
        raise TooEarly
    if latest is not None and begins is not None and first < begins:
        raise Overlaps(latest)
    return first


def _write(version: SchemeVersion, rules: Sequence[RuleSpec]) -> None:
    Rule.objects.bulk_create(
        Rule(version=version, position=position, **rule.columns()) for position, rule in enumerate(rules)
    )


def _publish(version: SchemeVersion, *, number: int, on: date, by: User, at: datetime, told: bool) -> SchemeVersion:
    SchemeVersion.objects.filter(pk=version.pk).update(
        number=number, effective_from=on, published_at=at, published_by=by
    )
    version.refresh_from_db()
    if told:
        sign_offs.ask_to_sign(version=version, at=at)
    return version
