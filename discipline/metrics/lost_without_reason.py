"""Deals lost without a word on why: nobody can learn from them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, of_deals


def facts(given: Mapping[str, Any]) -> str:
    return f"""
WITH judged AS (SELECT *, loss_reason_id IS NULL AS bare FROM lost d WHERE reason = '' {of_deals(given, "d")})
SELECT n, 'deal' AS type, id, CASE WHEN bare THEN 'breach' ELSE 'excluded' END AS role,
    CASE WHEN bare THEN 'no_reason' ELSE 'has_reason' END AS reason, 1 AS counts, NULL::numeric AS value, closed_at AS at
FROM judged
UNION ALL
SELECT n, 'deal', 0, 'held', '', count(*), NULL, NULL FROM judged GROUP BY n
"""


METRIC = Metric(
    key="lost_without_reason",
    version=1,
    kind=Kind.FLOW,
    unit=_("deals"),
    label=_("Lost without a reason"),
    why=_("A lost deal teaches something only if it says why."),
    icon="help-circle",
    better=Better.FEWER,
    facts=facts,
    looks_at=("lost",),
    needs_items=True,
    daily=True,
    parameters=DEALS,
)
