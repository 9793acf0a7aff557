"""One mailbox that stands with people of several names, or companies of several names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.audit import made_up
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking

SQL = """
WITH people AS (
    SELECT a.*, e.address AS mail FROM audited a JOIN crm_contactemail e ON a.record_type = 'contact' AND e.contact_id = a.record_id
), asked AS (
    SELECT DISTINCT mail FROM people WHERE mail !~* %(made_up)s
), many AS MATERIALIZED (
    SELECT k.mail, count(DISTINCT c.name_key) AS n FROM asked k JOIN crm_contactemail e ON e.address = k.mail
    JOIN crm_contact c ON c.id = e.contact_id WHERE c.deleted_at IS NULL
    GROUP BY k.mail HAVING count(DISTINCT c.name_key) > 1
), companies AS (
    SELECT a.*, lower(c.email) AS mail, c.name_key FROM audited a
    JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id
    WHERE c.email <> '' AND c.deleted_at IS NULL AND c.email !~* %(made_up)s
), several AS MATERIALIZED (
    SELECT mail, count(DISTINCT name_key) AS n FROM companies GROUP BY mail HAVING count(DISTINCT name_key) > 1
)
SELECT p.record_type, p.record_id, p.row_id, jsonb_build_object('value', p.mail, 'n', m.n)
FROM people p JOIN many m ON m.mail = p.mail
UNION ALL
SELECT c.record_type, c.record_id, c.row_id, jsonb_build_object('value', c.mail, 'n', s.n)
FROM companies c JOIN several s ON s.mail = c.mail
"""


def given(looking: Looking) -> Mapping[str, Any]:
    return {"made_up": made_up.MAIL}


FAULT = Fault(
    code="shared_mails",
    label=_("One mailbox with several names"),
    why=_("What is meant for one of them is read by another, or by nobody."),
    act=_("Find out the client's own e-mail address"),
    says=_("%(value)s stands with %(n)s different names"),
    icon="mailbox",
    weight=Weight.COSTS,
    sql=SQL,
    given=given,
)
