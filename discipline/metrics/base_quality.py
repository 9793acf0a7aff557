"""How good the cards of somebody's companies are on average, at the cut-off."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.quality import COMPANY, judged

FACTS = f"""
WITH kept AS MATERIALIZED (
    SELECT w.n, w.cut_off, {COMPANY}
    FROM windows w
    JOIN crm_company_timeline c
        ON c.owner_id = w.person AND c.from_at <= w.cut_off AND c.to_at > w.cut_off AND c.to_at > %(first_cut_off)s
    WHERE c.deleted_at IS NULL
),
{judged("kept")}
SELECT n, 'company' AS type, id, 'counted' AS role, CASE WHEN twin THEN 'not_unique' ELSE '' END AS reason,
    quality / count(*) OVER (PARTITION BY n) AS counts, round(quality, 1) AS value, recorded_at AS at
FROM judged
UNION ALL
SELECT n, 'company', 0, 'held', '', count(*), NULL, NULL FROM kept GROUP BY n
"""

METRIC = Metric(
    key="base_quality",
    version=1,
    kind=Kind.STATE,
    unit=_("points of 100"),
    label=_("Quality of the client base"),
    why=_("Cards that are complete, true, single and fresh, each with a next step, are what everybody works with."),
    icon="id",
    better=Better.MORE,
    facts=FACTS,
    needs_items=True,
    kept=False,
)
