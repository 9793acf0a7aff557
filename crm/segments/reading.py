"""From stored conditions to companies, and to words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.refusals import Refused
from crm.models import Company, Segment
from crm.segments.conditions import CONDITIONS, Moment, Value

MOST = 12
Given = Mapping[str, Any]


class ConditionWrong(Refused):
    """A condition that is not known, or a value that it cannot have."""

    code = "condition_wrong"
    field = "conditions"
    message = gettext_lazy("Add at least one condition, so that this is not everybody.")


def check(conditions: Sequence[Given]) -> list[dict[str, Any]]:
    """The conditions in the one form in which they are stored. Raises ConditionWrong with what to mend."""
    if not conditions:
        raise ConditionWrong
    if len(conditions) > MOST:
        raise ConditionWrong(_("Use at most %(n)s conditions.") % {"n": MOST})
    return [_checked(given) for given in conditions]


def _checked(given: Given) -> dict[str, Any]:
    condition = CONDITIONS.get(str(given.get("key", "")))
    if condition is None:
        raise ConditionWrong(_("One of the conditions does not exist any more. Take it away."))
    return {"key": condition.key} | {one.key: _value(one, given.get(one.key)) for one in condition.values}


def _value(value: Value, given: Any) -> Any:
    text = str("" if given is None else given).replace("\x00", "").strip()
    if value.options:
        if text not in dict(value.options):
            raise ConditionWrong(_("%(name)s: choose one from the list.") % {"name": value.label})
        return text
    if value.is_text:
        if not 0 < len(text) <= value.most:
            raise ConditionWrong(
                _("%(name)s: write at most %(n)s letters, and at least one.") % {"name": value.label, "n": value.most}
            )
        return text
    digits = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 15 and value.least <= int(digits) <= value.most):
        bounds = {"name": value.label, "least": formats.number(value.least), "most": formats.number(value.most)}
        raise ConditionWrong(_("%(name)s: write a whole number from %(least)s to %(most)s.") % bounds)
    return int(digits)


def companies_of(conditions: Sequence[Given], *, user: Any, at: datetime) -> QuerySet[Company]:
    """The companies that the person sees and that meet all conditions; none where one is not understood any more."""
    rows: QuerySet[Company] = Company.objects.visible_to(user)
    try:
        checked = check(conditions)
    except ConditionWrong:
        return rows.none()
    moment = Moment(user, at)
    return reduce(lambda found, given: CONDITIONS[given["key"]].narrow(found, given, moment), checked, rows)


def companies(segment: Segment, *, user: Any, at: datetime) -> QuerySet[Company]:
    """The companies of a segment as they are now, for whoever reads it."""
    return companies_of(segment.conditions, user=user, at=at)


def choices(user: Any) -> list[tuple[int, str]]:
    """The segments that somebody may use, by name."""
    return list(Segment.objects.visible_to(user).values_list("pk", "name"))


def in_words(conditions: Sequence[Given]) -> list[str]:
    """Each condition as a sentence."""
    return [_sentence(given) for given in conditions]


def _sentence(given: Given) -> str:
    condition = CONDITIONS.get(str(given.get("key", "")))
    if condition is None:
        return _("A condition that does not exist any more")
    words = {one.key: _word(one, given.get(one.key, "")) for one in condition.values}
    return str(condition.says).format(**words)


def _word(value: Value, given: Any) -> str:
    if value.options:
        return str(dict(value.options).get(str(given), given))
    return str(given) if value.is_text else formats.number(given)
