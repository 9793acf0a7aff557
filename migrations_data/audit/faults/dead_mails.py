"""Cells for e-mail addresses that hold none: without @, with spaces, cut off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import CELLS, Looking

SQL = f"""
WITH {CELLS}
SELECT record_type, record_id, row_id, jsonb_build_object('column', "column", 'value', left(cell, 100)) FROM filled
WHERE cell !~ '[^@\\s,;<>()]+@[^@\\s,;<>()]+\\.[^@\\s,;<>().0-9]{{2,}}'
"""


def given(looking: Looking) -> Mapping[str, Any]:
    return looking.cells("email")


FAULT = Fault(
    code="dead_mails",
    label=_("E-mail addresses that are none"),
    why=_("No mail can be sent to it: the text was kept as a note."),
    act=_("Correct the e-mail address"),
    says=_("%(column)s: %(value)s"),
    icon="mail-off",
    weight=Weight.COSTS,
    sql=SQL,
    given=given,
)
