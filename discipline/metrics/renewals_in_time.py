"""Renewals won by the day on which they were expected to close, as that date stood before the win."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import of_deals
from discipline.metrics.renewals import CHOICE, end_of


def facts(given: Mapping[str, Any]) -> str:
    return f"""
WITH dated AS (
    SELECT d.*, COALESCE(
        (SELECT v.expected_close FROM crm_deal_timeline v WHERE v.id = d.id AND v.from_at < d.first_won_at ORDER BY v.from_at DESC LIMIT 1),
        d.expected_close
    ) AS expected
    FROM won d WHERE true {of_deals(given, "d")}
)
SELECT n, 'deal' AS type, id, CASE WHEN verdict.reason = '' THEN 'counted' ELSE 'excluded' END AS role, verdict.reason,
    1 AS counts, NULL::numeric AS value, first_won_at AS at
FROM dated d
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN d.reason <> '' THEN d.reason
        WHEN d.expected IS NULL THEN 'no_date'
        WHEN d.first_won_at >= {end_of("d.expected", "d.zone")} THEN 'after_date'
        ELSE '' END
) AS verdict (reason)
"""


METRIC = Metric(
    key="renewals_in_time",
    version=1,
    kind=Kind.FLOW,
    unit=_("renewals"),
    label=_("Renewals in time"),
    why=_("A renewal counts when it is won by the day on which it was expected."),
    icon="refresh",
    better=Better.MORE,
    facts=facts,
    looks_at=("won",),
    parameters=CHOICE,
)
