"""Open deals of which nobody has noted anything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from migrations_data.audit.fault import Fault, Weight

SQL = """
SELECT a.record_type, a.record_id, a.row_id, '{}'::jsonb FROM audited a
JOIN crm_deal d ON a.record_type = 'deal' AND d.id = a.record_id AND d.deleted_at IS NULL AND d.status = 'open'
WHERE NOT EXISTS (SELECT FROM crm_activity t WHERE t.deal_id = d.id AND t.deleted_at IS NULL)
"""

FAULT = Fault(
    code="no_activity",
    label=_("Open deals without activity"),
    why=_("Nothing was ever noted: the deal may be a wish, or already lost."),
    act=_("Call, and note how this deal stands"),
    says=_("nothing was ever noted"),
    icon="zzz",
    weight=Weight.COSTS,
    sql=SQL,
)
