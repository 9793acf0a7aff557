"""Deals that were open with their owner at the cut-off."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

FACTS = """
SELECT w.n, 'deal' AS type, p.deal_id AS id, 'counted' AS role, '' AS reason, 1 AS counts, NULL::numeric AS value, p.from_at AS at
FROM windows w
JOIN crm_dealperiod p ON p.owner_id = w.person AND p.from_at <= w.cut_off AND p.to_at > w.cut_off
"""

METRIC = Metric(
    key="deals_in_progress",
    version=1,
    kind=Kind.STATE,
    unit=_("deals"),
    label=_("Deals in progress"),
    why=_("How much is on the table. Shown, not scored."),
    icon="layout-kanban",
    better=Better.MORE,
    facts=FACTS,
    kept=False,
)
