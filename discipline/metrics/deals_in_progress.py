"""Deals that were open with their owner at the cut-off."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, open_deals


def facts(given: Mapping[str, Any]) -> str:
    return f"""
SELECT n, 'deal' AS type, deal_id AS id, 'counted' AS role, '' AS reason, 1 AS counts, NULL::numeric AS value, from_at AS at
FROM {open_deals(given)} AS held
"""


METRIC = Metric(
    key="deals_in_progress",
    version=1,
    kind=Kind.STATE,
    unit=_("deals"),
    label=_("Deals in progress"),
    why=_("How much is on the table. Shown, not scored."),
    icon="layout-kanban",
    better=Better.MORE,
    facts=facts,
    tally="SELECT n, 'counted' AS role, deals AS counts FROM deal_counts",
    looks_at=("open_deals", "deal_counts"),
    kept=False,
    daily=True,
    parameters=DEALS,
)
