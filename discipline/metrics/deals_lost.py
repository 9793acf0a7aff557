"""Deals lost, by whoever closed them so."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, of_deals


def facts(given: Mapping[str, Any]) -> str:
    return f"""
SELECT n, 'deal' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, closed_at AS at
FROM lost d WHERE true {of_deals(given, "d")}
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
    facts=facts,
    looks_at=("lost",),
    daily=True,
    parameters=DEALS,
)
