"""The registry of metrics. A new one is a file beside its siblings and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discipline.metrics import (
    companies_added,
    conversations,
    data_in_time,
    deals_in_progress,
    deals_lost,
    deals_without_task,
    deals_won,
    lost_without_reason,
    meetings_held,
    overdue_tasks,
    sum_won,
)
from discipline.metrics.base import Better, Kind, Measure, Metric, Record, Role, canonical, measure

METRICS: dict[str, Metric] = {
    module.METRIC.key: module.METRIC
    for module in (
        companies_added, meetings_held, conversations, deals_won, deals_lost, sum_won, deals_in_progress, overdue_tasks,
        deals_without_task, lost_without_reason, data_in_time,
    )
}  # fmt: skip
"""By key, in the order in which they are shown."""


def figure_key(metric: str, parameters: Mapping[str, Any]) -> str:
    """The key of the figure that a metric with these parameters gives."""
    return metric + canonical(parameters)


def bound(metric: str, parameters: Mapping[str, Any]) -> Metric:
    """A metric of the registry, bound to parameters."""
    return METRICS[metric].bound(parameters)


__all__ = [
    "METRICS", "Better", "Kind", "Measure", "Metric", "Record", "Role", "bound", "canonical", "figure_key", "measure",
]  # fmt: skip
