"""Open deals with no task in the next 30 local days: somebody has let go of them.

An overdue task is a next step here; that it is overdue is another rule's business. A deal held for less than an hour is exempt.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, open_deals


def facts(given: Mapping[str, Any]) -> str:
    bare, counts = "bare_deals", "deal_counts"
    if given:
        chosen = open_deals(given)
        bare = f"(SELECT b.* FROM bare_deals b JOIN {chosen} AS c ON c.n = b.n AND c.deal_id = b.deal_id) AS bare_ones"
        settled = "count(*) FILTER (WHERE from_at <= cut_off - interval '60 minutes')"
        counts = f"(SELECT n, {settled} AS settled FROM {chosen} AS held GROUP BY n) AS counted"
    return f"""
SELECT n, 'deal' AS type, deal_id AS id, CASE WHEN settled THEN 'breach' ELSE 'excluded' END AS role,
    CASE WHEN settled THEN 'no_next_step' ELSE 'first_hour' END AS reason, 1 AS counts, NULL::numeric AS value, from_at AS at
FROM {bare}
UNION ALL
SELECT n, 'deal', 0, 'held', '', settled, NULL, NULL FROM {counts}
"""


METRIC = Metric(
    key="deals_without_task",
    version=1,
    kind=Kind.STATE,
    unit=_("deals"),
    label=_("Open deals without a task"),
    why=_("A deal without a next step is a deal nobody is working on."),
    icon="alert-triangle",
    better=Better.FEWER,
    facts=facts,
    looks_at=("open_deals", "bare_deals", "deal_counts"),
    needs_items=True,
    daily=True,
    parameters=DEALS,
)
