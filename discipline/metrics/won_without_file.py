"""Deals won that have no file at the cut-off: a contract that nobody can find."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, of_deals


def facts(given: Mapping[str, Any]) -> str:
    return f"""
WITH judged AS (
    SELECT d.n, d.id, d.first_won_at, NOT EXISTS (
        SELECT FROM crm_fileperiod f WHERE f.deal_id = d.id AND f.from_at <= d.cut_off AND f.to_at > d.cut_off
    ) AS bare
    FROM won d WHERE reason = '' {of_deals(given, "d")}
)
SELECT n, 'deal' AS type, id, CASE WHEN bare THEN 'breach' ELSE 'excluded' END AS role,
    CASE WHEN bare THEN 'without_file' ELSE 'has_file' END AS reason, 1 AS counts, NULL::numeric AS value, first_won_at AS at
FROM judged
UNION ALL
SELECT n, 'deal', 0, 'held', '', count(*), NULL, NULL FROM judged GROUP BY n
"""


METRIC = Metric(
    key="won_without_file",
    version=1,
    kind=Kind.FLOW,
    unit=_("deals"),
    label=_("Won without a file"),
    why=_("What was agreed hangs on the deal, so that it can be found when it is needed."),
    icon="file-off",
    better=Better.FEWER,
    facts=facts,
    looks_at=("won",),
    needs_items=True,
    parameters=DEALS,
)
