"""Clients who buy, or are about to, and of whom only one of us knows anything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight

SQL = """
WITH clients AS (
    SELECT a.*, c.owner_id FROM audited a
    JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id AND c.deleted_at IS NULL
    WHERE EXISTS (SELECT FROM crm_deal d WHERE d.company_id = c.id AND d.deleted_at IS NULL AND d.status <> 'lost')
        OR EXISTS (SELECT FROM crm_purchase p WHERE p.company_id = c.id AND p.deleted_at IS NULL)
), known AS (
    SELECT record_id, owner_id AS who FROM clients
    UNION SELECT c.record_id, d.owner_id FROM clients c JOIN crm_deal d ON d.company_id = c.record_id AND d.deleted_at IS NULL
    UNION SELECT c.record_id, p.owner_id FROM clients c JOIN crm_contact p ON p.company_id = c.record_id AND p.deleted_at IS NULL
    UNION SELECT c.record_id, t.performed_by_id FROM clients c
        JOIN crm_activity t ON t.company_id = c.record_id AND t.deleted_at IS NULL
), alone AS (
    SELECT record_id, min(who) AS who FROM known GROUP BY record_id HAVING count(*) = 1
)
SELECT c.record_type, c.record_id, c.row_id, jsonb_build_object('who', u.full_name)
FROM clients c JOIN alone o ON o.record_id = c.record_id JOIN accounts_user u ON u.id = o.who
"""

FAULT = Fault(
    code="one_person",
    label=_("Clients that only one of you knows"),
    why=_("When this person leaves, so does everything that is known about the client."),
    act=_("Introduce a colleague to this client"),
    says=_("known to %(who)s alone"),
    icon="user-shield",
    weight=Weight.COSTS,
    sql=SQL,
)
