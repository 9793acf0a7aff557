"""Deals lost, by whoever closed them so."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

FACTS = """
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
    looks_at=("lost",),
    daily=True,
)
