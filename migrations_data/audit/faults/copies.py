"""Records that stand in the tables more than once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.contradictions import FROM_LIST, as_lines
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking


def given(looking: Looking) -> Mapping[str, Any]:
    return as_lines(one.line({}) for one in looking.contradictions)


FAULT = Fault(
    code="copies",
    label=_("Written down more than once"),
    why=_("Whoever corrects one row leaves the other one wrong."),
    act=_("Check that this record is complete: it stood in the old tables more than once"),
    says=_("stands in row %(number)s already"),
    icon="copy",
    weight=Weight.UNTIDY,
    sql=FROM_LIST,
    given=given,
)
