"""The rules of a draft, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from discipline import ruleset
from discipline.models import SchemeVersion
from discipline.ruleset import RuleSpec
from discipline.services import schemes

Rules = list[RuleSpec]


class RuleGone(Refused):
    code = "rule_gone"
    message = _("Somebody has taken this rule out meanwhile. Open the draft again.")


@transaction.atomic
def add(*, version: SchemeVersion, rule: RuleSpec, by: User, at: datetime) -> SchemeVersion:
    """Put a rule at the end of a draft. Raises what `schemes.put_rules` does; then nothing has changed."""
    return _change(version, lambda rules: [*rules, rule], by=by, at=at)


@transaction.atomic
def edit(*, version: SchemeVersion, code: str, rule: RuleSpec, by: User, at: datetime) -> SchemeVersion:
    """Let a rule of a draft be another, in its place. Raises RuleGone and what `schemes.put_rules` does."""
    return _change(version, lambda rules: [rule if one.code == code else one for one in rules], by=by, at=at, code=code)


@transaction.atomic
def remove(*, version: SchemeVersion, code: str, by: User, at: datetime) -> SchemeVersion:
    """Take a rule out of a draft. Raises RuleGone."""
    return _change(version, lambda rules: [one for one in rules if one.code != code], by=by, at=at, code=code)


@transaction.atomic
def move(*, version: SchemeVersion, code: str, down: int, by: User, at: datetime) -> SchemeVersion:
    """Move a rule of a draft so many places down, or up below zero; at an end it stays. Raises RuleGone."""
    return _change(version, lambda rules: ruleset.moved(rules, code, down), by=by, at=at, code=code)


def _change(
    version: SchemeVersion, new: Callable[[Rules], Rules], *, by: User, at: datetime, code: str = ""
) -> SchemeVersion:
    ensure(by, Permission.RULES_EDIT)
    version = schemes.locked_draft(version)
    rules = schemes.specs(version)
    if code and code not in {rule.code for rule in rules}:
        raise RuleGone
    return schemes.put_rules(version=version, rules=new(rules), by=by, at=at)
