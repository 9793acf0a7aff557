"""Records that two rows give to two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.contradictions import FROM_LIST, as_lines
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking


def given(looking: Looking) -> Mapping[str, Any]:
    return as_lines(one.found("owner") for one in looking.contradictions)


FAULT = Fault(
    code="two_owners",
    label=_("Two owners"),
    why=_("When two people look after a record, often nobody does."),
    act=_("Agree who looks after this, and enter the owner"),
    says=_("%(value)s in row %(number)s, %(other)s here"),
    icon="users-group",
    weight=Weight.LOSES,
    sql=FROM_LIST,
    given=given,
)
