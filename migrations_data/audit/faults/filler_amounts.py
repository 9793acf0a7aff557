"""Amounts that look like fillers: 0, 1, 999999, or words where figures should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import CELLS, FIGURES, Looking

SQL = f"""
WITH {CELLS}, figured AS (
    SELECT *, regexp_replace(regexp_replace(cell, '[.,]0{{1,2}}$', ''), '[^0-9]', '', 'g') AS digits FROM filled
)
SELECT record_type, record_id, row_id, jsonb_build_object('column', "column", 'value', left(cell, 60)) FROM figured
WHERE CASE WHEN field = %(figures)s THEN digits ~ %(never)s OR digits = '' ELSE digits ~ %(made_up)s END
"""


def given(looking: Looking) -> Mapping[str, Any]:
    found = looking.cells(FIGURES, *looking.money_fields())
    return found | {"made_up": made_up.AMOUNT, "never": made_up.FIGURE, "figures": FIGURES}


FAULT = Fault(
    code="filler_amounts",
    label=_("Amounts that were made up"),
    why=_("Sums and forecasts count them as if they were money."),
    act=_("Enter the real amount"),
    says=_("%(column)s: %(value)s"),
    icon="coin-off",
    weight=Weight.COSTS,
    sql=SQL,
    given=given,
)
