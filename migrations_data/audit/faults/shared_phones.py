"""One number that stands with many differently named clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking

SQL = """
WITH own AS (
    SELECT a.*, c.phone AS number, c.phone_reversed AS key FROM audited a
    JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id WHERE c.phone_reversed <> ''
    UNION ALL
    SELECT a.*, p.number, p.reversed FROM audited a
    JOIN crm_contactphone p ON a.record_type = 'contact' AND p.contact_id = a.record_id
), asked AS (
    SELECT DISTINCT key FROM own WHERE length(key) >= 7 AND reverse(key) !~ %(made_up)s
), named AS (
    SELECT k.key, c.name_key FROM asked k JOIN crm_company c ON c.phone_reversed = k.key AND c.phone_reversed <> ''
    WHERE c.deleted_at IS NULL
    UNION
    SELECT k.key, c.name_key FROM asked k JOIN crm_contactphone p ON p.reversed = k.key
    JOIN crm_contact c ON c.id = p.contact_id WHERE c.deleted_at IS NULL
), many AS (
    SELECT key, count(*) AS n FROM named GROUP BY key HAVING count(*) >= %(many)s
)
SELECT o.record_type, o.record_id, o.row_id, jsonb_build_object('value', o.number, 'n', m.n)
FROM own o JOIN many m ON m.key = o.key
"""
MANY = 3


def given(looking: Looking) -> Mapping[str, Any]:
    return {"made_up": made_up.PHONE, "many": MANY}


FAULT = Fault(
    code="shared_phones",
    label=_("One phone number for many clients"),
    why=_("It is a switchboard, or somebody's own number: it reaches none of them."),
    act=_("Find out the client's own phone number"),
    says=_("%(value)s stands with %(n)s different names"),
    icon="phone-calling",
    weight=Weight.COSTS,
    sql=SQL,
    given=given,
)
