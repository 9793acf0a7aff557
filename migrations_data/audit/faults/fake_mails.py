"""E-mail addresses that somebody made up: test@test.com and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import CELLS, Looking

SQL = f"""
WITH {CELLS}
SELECT record_type, record_id, row_id, jsonb_build_object('column', "column", 'value', left(cell, 100)) FROM filled
WHERE cell ~* %(made_up)s
"""


def given(looking: Looking) -> Mapping[str, Any]:
    return looking.cells("email") | {"made_up": made_up.MAIL}


FAULT = Fault(
    code="fake_mails",
    label=_("E-mail addresses that were made up"),
    why=_("Offers sent there reach nobody, and nobody is told."),
    act=_("Find out the real e-mail address"),
    says=_("%(column)s: %(value)s"),
    icon="mail-x",
    weight=Weight.COSTS,
    sql=SQL,
    given=given,
)
