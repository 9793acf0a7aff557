"""Deals won: each once, ever, by whoever won it first, and only while it stays won."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

WON = """
won AS (
    SELECT w.n, d.id, d.first_won_at, d.amount_minor, d.currency,
        CASE WHEN d.deleted_at IS NOT NULL THEN 'deleted' WHEN d.status <> 'won' THEN 'reopened' ELSE '' END AS reason
    FROM windows w
    JOIN crm_deal_timeline d
        ON d.first_won_by_id = w.person AND d.first_won_at > w.opens AND d.first_won_at <= w.cut_off
        AND d.from_at <= w.cut_off AND d.to_at > w.cut_off
    WHERE NOT (d.source = 'import' AND d.first_won_at = d.recorded_at)
)"""
"""First wins of the window as they stood at the cut-off. A deal that an import brought already won was won by nobody today."""

FACTS = f"""
WITH {WON}
SELECT n, 'deal' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, first_won_at AS at
FROM won
"""

METRIC = Metric(
    key="deals_won",
    version=1,
    kind=Kind.FLOW,
    unit=_("deals"),
    label=_("Deals won"),
    why=_("A win counts once, and only if the deal is still won at the cut-off."),
    icon="trophy",
    better=Better.MORE,
    facts=FACTS,
)
