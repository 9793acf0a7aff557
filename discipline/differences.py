"""What differs between two versions of a scheme, in plain words, one sentence a rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from discipline import regulation
from discipline.models import Rule, SchemeVersion, Severity, WhenNothing


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What became of one rule: new, gone, changed or moved; `parts` say from what to what."""

    state: str
    name: str
    parts: list[str]


def between(before: SchemeVersion | None, after: SchemeVersion) -> list[Difference]:
    """The rules that are new, changed and gone, in the order of the later version; none when nothing but the date differs."""
    names = regulation.Names()
    earlier = {rule.code: rule for rule in before.rules.all()} if before else {}
    later = {rule.code: rule for rule in after.rules.all()}
    found = [_one(earlier.get(code), rule, names) for code, rule in later.items()]
    gone = [Difference(state="gone", name=names(rule), parts=[]) for code, rule in earlier.items() if code not in later]
    return [one for one in found if one is not None] + gone


def _one(before: Rule | None, after: Rule, names: regulation.Names) -> Difference | None:
    if before is None:
        return Difference(state="new", name=names(after), parts=[regulation.asked(after), regulation.given(after)])
    parts = [
        _("%(before)s → %(after)s") % {"before": old, "after": new}
        for old, new in zip(_facts(before, names), _facts(after, names), strict=True)
        if old != new
    ]
    return Difference(state="changed", name=names(after), parts=parts) if parts else None


def _facts(rule: Rule, names: regulation.Names) -> list[str]:
    """Everything about a rule that somebody may notice, each as the words it reads by."""
    return [
        names(rule),
        regulation.asked(rule).removesuffix("."),
        regulation.given(rule).removesuffix("."),
        _("with nothing to judge it %(what)s") % {"what": WhenNothing(rule.when_nothing).label},
        _("told: %(how)s") % {"how": Severity(rule.severity).label},
    ]
