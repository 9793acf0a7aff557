"""Keys of the old system that stand for two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.contradictions import FROM_LIST, as_lines
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking


def given(looking: Looking) -> Mapping[str, Any]:
    return as_lines(one.found("tax_number", "name", "title") for one in looking.contradictions)


FAULT = Fault(
    code="two_names",
    label=_("One key, two names or tax numbers"),
    why=_("Two different clients may hide behind one key, and one of them would be lost."),
    act=_("Find out which of the two this is, and add the other one"),
    says=_("%(column)s: %(value)s in row %(number)s, %(other)s here"),
    icon="id",
    weight=Weight.LOSES,
    sql=FROM_LIST,
    given=given,
)
