"""New companies that are worth having: not there before, and with a card of quality 60 or more, so that somebody can work with it."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.quality import COMPANY, judged

FACTS = f"""
WITH added AS MATERIALIZED (
    SELECT w.n, w.cut_off, {COMPANY}
    FROM windows w
    CROSS JOIN LATERAL (
        SELECT * FROM crm_company_timeline c
        WHERE c.created_by_id = w.person AND c.recorded_at > w.opens AND c.recorded_at <= w.cut_off
            AND c.from_at <= w.cut_off AND c.to_at > w.cut_off AND c.source <> 'import'
        OFFSET 0
    ) AS c
),
{judged("added")}
SELECT n, 'company' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, round(quality, 1) AS value, recorded_at AS at
FROM judged
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN deleted_at IS NOT NULL THEN 'deleted'
        WHEN twin THEN 'not_unique'
        WHEN quality < 60 THEN 'poor_card'
        ELSE '' END
) AS verdict (reason)
"""

METRIC = Metric(
    key="companies_added",
    version=1,
    kind=Kind.FLOW,
    unit=_("companies"),
    label=_("Companies added"),
    why=_("A new company counts when it was not there before and its card is filled in."),
    icon="building-plus",
    better=Better.MORE,
    facts=FACTS,
    daily=True,
)
