"""Phone numbers that cannot exist in the numbering plan of their country."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm import phones
from crm.countries import code_of
from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import CELLS, Looking
from migrations_data.understanding import values
from migrations_data.understanding.values import Unclear

NUMBERS = f"""
WITH {CELLS}
SELECT DISTINCT cell, country, said_country FROM filled WHERE regexp_replace(cell, '\\D', '', 'g') !~ %(made_up)s
"""
SQL = f"""
WITH {CELLS}
SELECT record_type, record_id, row_id, jsonb_build_object('column', "column", 'value', left(cell, 60))
FROM filled JOIN jsonb_to_recordset(%(dead)s::jsonb) AS d (number text, plan text, said text)
ON d.number = cell AND d.plan = country AND d.said = said_country
"""


def given(looking: Looking) -> Mapping[str, Any]:
    asked = looking.cells("phone") | {"made_up": made_up.PHONE}
    dead = [
        {"number": cell, "plan": plan, "said": said}
        for cell, plan, said in looking.read(NUMBERS, asked)
        if is_dead(cell, [code_of(said), plan, looking.home])
    ]
    return asked | {"dead": json.dumps(dead)}


def is_dead(cell: str, countries: list[str]) -> bool:
    """Whether no number of a cell exists in any of the countries that it may belong to."""
    try:
        numbers = values.phones(re.sub(r"\.0$", "", cell))
    except Unclear:
        return True
    return not any(phones.is_valid(number, country) for number in numbers for country in dict.fromkeys(countries))


FAULT = Fault(
    code="dead_phones",
    label=_("Phone numbers that do not exist"),
    why=_("A digit is missing or wrong, so the client cannot be called."),
    act=_("Correct the phone number"),
    says=_("%(column)s: %(value)s"),
    icon="phone-off",
    weight=Weight.LOSES,
    sql=SQL,
    given=given,
)
