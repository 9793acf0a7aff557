"""The rules of the game in plain words, made from a scheme's version itself: the text that people read and sign."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from discipline import words
from discipline.models import Rule, SchemeVersion


def text(version: SchemeVersion, *, language: str) -> str:
    """The whole text of a version in a language, one rule a line; the same version always gives the same text."""
    with translation.override(language):
        return "\n".join([str(version.scheme), *(sentence(rule) for rule in version.rules.all())])


def sentence(rule: Rule) -> str:
    """One rule: "Conversations: at least 10. Met +1, missed -2."."""
    said = _("%(name)s: %(target)s. Met %(met)s, missed %(missed)s.")
    return said % {
        "name": rule.label or words.label(rule.metric),
        "target": words.target(rule.comparison, rule.threshold),
        "met": f"+{rule.points_met}",
        "missed": f"−{rule.points_missed}",
    }
