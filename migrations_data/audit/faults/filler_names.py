"""Clients with a name that is none: test, abc, NULL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking

SQL = """
SELECT a.record_type, a.record_id, a.row_id, jsonb_build_object('value', c.name) FROM audited a
JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id AND c.deleted_at IS NULL WHERE c.name_key ~ %(made_up)s
UNION ALL
SELECT a.record_type, a.record_id, a.row_id, jsonb_build_object('value', c.name) FROM audited a
JOIN crm_contact c ON a.record_type = 'contact' AND c.id = a.record_id AND c.deleted_at IS NULL WHERE c.name_key ~ %(made_up)s
"""


def given(looking: Looking) -> Mapping[str, Any]:
    return {"made_up": made_up.NAME}


FAULT = Fault(
    code="filler_names",
    label=_("Names that were made up"),
    why=_("Behind it may be a real client whom nobody can find by name."),
    act=_("Find out who this is, and enter the name, or delete the record"),
    says=_("is called “%(value)s”"),
    icon="user-x",
    weight=Weight.LOSES,
    sql=SQL,
    given=given,
)
