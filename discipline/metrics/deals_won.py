"""Deals won: each once, ever, by whoever won it first, and only while it stays won."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, of_deals


def facts(given: Mapping[str, Any]) -> str:
    return f"""
SELECT n, 'deal' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, first_won_at AS at
FROM won d WHERE true {of_deals(given, "d")}
"""


METRIC = Metric(
    key="deals_won",
    version=1,
    kind=Kind.FLOW,
    unit=_("deals"),
    label=_("Deals won"),
    why=_("A win counts once, and only if the deal is still won at the cut-off."),
    icon="trophy",
    better=Better.MORE,
    facts=facts,
    looks_at=("won",),
    daily=True,
    parameters=DEALS,
)
