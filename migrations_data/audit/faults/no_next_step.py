"""Clients for whom nothing is planned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight

PLANNED = "SELECT FROM crm_task t WHERE t.status = 'open' AND t.deleted_at IS NULL AND {of}"
SQL = f"""
SELECT a.record_type, a.record_id, a.row_id, '{{}}'::jsonb FROM audited a
JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id AND c.deleted_at IS NULL
WHERE NOT EXISTS ({PLANNED.format(of="t.company_id = c.id")})
UNION ALL
SELECT a.record_type, a.record_id, a.row_id, '{{}}'::jsonb FROM audited a
JOIN crm_contact c ON a.record_type = 'contact' AND c.id = a.record_id AND c.deleted_at IS NULL AND c.company_id IS NULL
WHERE NOT EXISTS ({PLANNED.format(of="t.contact_id = c.id")})
"""

FAULT = Fault(
    code="no_next_step",
    label=_("Clients without a next step"),
    why=_("A client for whom nothing is planned is a client nobody is working on."),
    act=_("Get in touch, and plan the next step"),
    says=_("nothing is planned"),
    icon="calendar-off",
    weight=Weight.COSTS,
    sql=SQL,
)
