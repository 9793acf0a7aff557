"""The registry of metrics. A new one is a file beside its siblings and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discipline.metrics import (
    activities,
    base_quality,
    companies_added,
    conversations,
    data_in_time,
    deals_in_progress,
    deals_lost,
    deals_without_task,
    deals_won,
    files_delivered,
    lost_without_reason,
    meetings_held,
    overdue_tasks,
    priorities_done,
    renewals_in_time,
    renewals_missed,
    sum_won,
    tasks_ahead,
    won_without_file,
)
from discipline.metrics.base import Better, Kind, Measure, Metric, Record, Role, canonical, measure
from discipline.metrics.parameters import BadParameter, Parameter, ParameterKind, Reference

METRICS: dict[str, Metric] = {
    module.METRIC.key: module.METRIC
    for module in (
        companies_added, meetings_held, conversations, deals_won, deals_lost, sum_won, deals_in_progress, overdue_tasks,
        deals_without_task, lost_without_reason, data_in_time, activities, files_delivered, won_without_file, renewals_in_time,
        renewals_missed, tasks_ahead, priorities_done, base_quality,
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
    "METRICS", "BadParameter", "Better", "Kind", "Measure", "Metric", "Parameter", "ParameterKind", "Record", "Reference", "Role",
    "bound", "canonical", "figure_key", "measure",
]  # fmt: skip
