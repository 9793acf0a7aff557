"""Clients with neither a phone nor an e-mail address, their own or their people's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight

REACHED = """
SELECT FROM crm_contact p WHERE p.deleted_at IS NULL AND {of} AND (
    EXISTS (SELECT FROM crm_contactphone n WHERE n.contact_id = p.id)
    OR EXISTS (SELECT FROM crm_contactemail m WHERE m.contact_id = p.id)
)
"""
SQL = f"""
SELECT a.record_type, a.record_id, a.row_id, '{{}}'::jsonb FROM audited a
JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id AND c.deleted_at IS NULL
WHERE c.phone = '' AND c.email = '' AND NOT EXISTS ({REACHED.format(of="p.company_id = c.id")})
UNION ALL
SELECT a.record_type, a.record_id, a.row_id, '{{}}'::jsonb FROM audited a
JOIN crm_contact c ON a.record_type = 'contact' AND c.id = a.record_id AND c.deleted_at IS NULL
WHERE NOT EXISTS ({REACHED.format(of="p.id = c.id")})
"""

FAULT = Fault(
    code="unreachable",
    label=_("Clients that nobody can reach"),
    why=_("Without a phone and an e-mail address the client is a name and nothing else."),
    act=_("Find out a phone number or an e-mail address"),
    says=_("no phone and no e-mail address"),
    icon="plug-x",
    weight=Weight.LOSES,
    sql=SQL,
)
