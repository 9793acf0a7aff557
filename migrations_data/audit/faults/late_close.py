"""Open deals that should have been closed already."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight

SQL = """
SELECT a.record_type, a.record_id, a.row_id, jsonb_build_object('day', d.expected_close) FROM audited a
JOIN crm_deal d ON a.record_type = 'deal' AND d.id = a.record_id AND d.deleted_at IS NULL AND d.status = 'open'
WHERE d.expected_close < %(today)s
"""

FAULT = Fault(
    code="late_close",
    label=_("Open deals that should be closed"),
    why=_("The forecast counts money for a month that is over."),
    act=_("Close this deal, or say when it will be closed"),
    says=_("was expected to close on %(day)s"),
    icon="calendar-x",
    weight=Weight.COSTS,
    sql=SQL,
)
