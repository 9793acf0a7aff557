"""Deals lost, by whoever closed them so."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

LOST = """
lost AS (
    SELECT w.n, v.id, v.closed_at, x.loss_reason_id,
        CASE
            WHEN x.id IS NULL OR x.deleted_at IS NOT NULL THEN 'deleted'
            WHEN x.status <> 'lost' OR x.closed_at <> v.closed_at THEN 'reopened'
            ELSE '' END AS reason
    FROM windows w
    JOIN crm_deal_timeline v
        ON v.changed_by_id = w.person AND v.status = 'lost' AND v.closed_at > w.opens AND v.closed_at <= w.cut_off
        AND v.from_at = v.closed_at
    LEFT JOIN crm_deal_timeline x ON x.id = v.id AND x.from_at <= w.cut_off AND x.to_at > w.cut_off
    WHERE NOT (v.source = 'import' AND v.from_at = v.recorded_at)
)"""
"""The versions with which deals became lost in the window, beside how the deals stood at the cut-off."""

FACTS = f"""
WITH {LOST}
SELECT n, 'deal' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, closed_at AS at
FROM lost
"""

METRIC = Metric(
    key="deals_lost",
    version=1,
    kind=Kind.FLOW,
    unit=_("deals"),
    label=_("Deals lost"),
    why=_("Closing what will not happen keeps the funnel true."),
    icon="circle-x",
    better=Better.FEWER,
    facts=FACTS,
)
