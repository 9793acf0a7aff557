"""Renewals still open at the cut-off whose expected day was over in the window, by the date in force when it was.

Charged to whoever had the deal when the day was over: moving the date or giving the deal away afterwards changes nothing.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import of_deals
from discipline.metrics.renewals import CHOICE, end_of


def facts(given: Mapping[str, Any]) -> str:
    return f"""
WITH renewing AS MATERIALIZED (
    SELECT DISTINCT w.n, w.person, w.opens, w.cut_off, w.zone, d.id, d.owner_id = w.person AS there
    FROM windows w
    JOIN crm_dealperiod p
        ON p.owner_id = w.person AND p.to_at > w.opens AND p.from_at <= w.cut_off
        AND p.to_at > %(first_opens)s AND p.from_at <= %(last_cut_off)s
    JOIN crm_deal_timeline d ON d.id = p.deal_id AND d.from_at <= w.cut_off AND d.to_at > w.cut_off
    WHERE d.status = 'open' AND d.deleted_at IS NULL {of_deals(given, "d", "w.cut_off")}
)
SELECT DISTINCT r.n, 'deal' AS type, r.id, 'breach' AS role, 'not_renewed' AS reason, 1 AS counts, NULL::numeric AS value, over.at
FROM renewing r
JOIN crm_deal_timeline v
    ON v.id = r.id AND v.owner_id = r.person AND v.status = 'open' AND v.deleted_at IS NULL AND v.from_at <= r.cut_off AND v.to_at > r.opens
CROSS JOIN LATERAL (SELECT {end_of("v.expected_close", "r.zone")}) AS over (at)
WHERE over.at > r.opens AND over.at <= r.cut_off AND v.from_at < over.at AND v.to_at >= over.at
UNION ALL
SELECT n, 'deal', 0, 'held', '', count(*), NULL, NULL FROM renewing WHERE there GROUP BY n
"""


METRIC = Metric(
    key="renewals_missed",
    version=1,
    kind=Kind.FLOW,
    unit=_("renewals"),
    label=_("Renewals missed"),
    why=_("A contract that runs out unnoticed is a client lost."),
    icon="refresh-alert",
    better=Better.FEWER,
    facts=facts,
    needs_items=True,
    parameters=CHOICE,
)
