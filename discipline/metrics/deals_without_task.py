"""Open deals with no task in the next 30 local days: somebody has let go of them.

An overdue task is a next step here; that it is overdue is another rule's business. A deal held for less than an hour is exempt.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, open_deals


def facts(given: Mapping[str, Any]) -> str:
    return f"""
WITH held AS (SELECT *, from_at <= cut_off - interval '60 minutes' AS settled FROM {open_deals(given)} AS held_ones)
SELECT n, 'deal' AS type, deal_id AS id, CASE WHEN settled THEN 'breach' ELSE 'excluded' END AS role,
    CASE WHEN settled THEN 'no_next_step' ELSE 'first_hour' END AS reason, 1 AS counts, NULL::numeric AS value, from_at AS at
FROM held h
WHERE NOT EXISTS (
    SELECT FROM crm_taskperiod t
    WHERE t.deal_id = h.deal_id AND t.from_at <= h.cut_off AND t.to_at > h.cut_off AND t.due_at <= h.next_step_until
        AND t.from_at <= %(last_cut_off)s AND t.to_at > %(first_cut_off)s
)
UNION ALL
SELECT n, 'deal', 0, 'held', '', count(*), NULL, NULL FROM held WHERE settled GROUP BY n
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
    looks_at=("open_deals",),
    needs_items=True,
    daily=True,
    parameters=DEALS,
)
