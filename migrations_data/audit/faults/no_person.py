"""Companies of which no person is known."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight

SQL = """
SELECT a.record_type, a.record_id, a.row_id, '{}'::jsonb FROM audited a
JOIN crm_company c ON a.record_type = 'company' AND c.id = a.record_id AND c.deleted_at IS NULL
WHERE NOT EXISTS (SELECT FROM crm_contact p WHERE p.company_id = c.id AND p.deleted_at IS NULL)
"""

FAULT = Fault(
    code="no_person",
    label=_("Clients without a contact"),
    why=_("A company does not answer the phone, a person does: nobody knows whom to ask for."),
    act=_("Find out who decides there, and enter the person"),
    says=_("no person is known there"),
    icon="user-question",
    weight=Weight.LOSES,
    sql=SQL,
)
