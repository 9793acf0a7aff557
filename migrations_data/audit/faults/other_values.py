"""Records of which two rows say other things, in any field but those that have a class of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.contradictions import FROM_LIST, as_lines
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking

ELSEWHERE = ("owner", "stage", "tax_number", "name", "title")


def given(looking: Looking) -> Mapping[str, Any]:
    return as_lines(one.found(*(name for name in one.says if name not in ELSEWHERE)) for one in looking.contradictions)


FAULT = Fault(
    code="other_values",
    label=_("Two rows that disagree"),
    why=_("One of the two is out of date, and only somebody who knows the client can tell which."),
    act=_("Find out which value is right, and enter it"),
    says=_("%(column)s: %(value)s in row %(number)s, %(other)s here"),
    icon="arrows-diff",
    weight=Weight.COSTS,
    sql=FROM_LIST,
    given=given,
)
