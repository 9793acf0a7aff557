"""Deals that two rows put at two stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.contradictions import FROM_LIST, as_lines
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking


def given(looking: Looking) -> Mapping[str, Any]:
    return as_lines(one.found("stage") for one in looking.contradictions)


FAULT = Fault(
    code="two_stages",
    label=_("Two stages"),
    why=_("A forecast cannot count a deal that is at two places."),
    act=_("Say at which stage this deal is"),
    says=_("%(value)s in row %(number)s, %(other)s here"),
    icon="arrows-split",
    weight=Weight.COSTS,
    sql=FROM_LIST,
    given=given,
)
