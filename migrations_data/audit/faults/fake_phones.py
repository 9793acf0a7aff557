"""Phone numbers that somebody made up: 123-456-789, 000000, 5555555."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import CELLS, Looking

SQL = f"""
WITH {CELLS}
SELECT record_type, record_id, row_id, jsonb_build_object('column', "column", 'value', left(cell, 60)) FROM filled
WHERE regexp_replace(cell, '\\D', '', 'g') ~ %(made_up)s
"""


def given(looking: Looking) -> Mapping[str, Any]:
    return looking.cells("phone") | {"made_up": made_up.PHONE}


FAULT = Fault(
    code="fake_phones",
    label=_("Phone numbers that were made up"),
    why=_("The number was typed to get past an empty field: nobody can be called on it."),
    act=_("Find out the real phone number"),
    says=_("%(column)s: %(value)s"),
    icon="phone-x",
    weight=Weight.LOSES,
    sql=SQL,
    given=given,
)
