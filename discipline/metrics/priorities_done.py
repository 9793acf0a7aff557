"""Of the priorities chosen early in the day, those that were done by the cut-off.

A priority chosen later is no choice any more: it may be done already. Which hour is early, in local time, is the rule's parameter.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.parameters import Parameter, ParameterKind, whole

EARLY = 11


def facts(given: Mapping[str, Any]) -> str:
    early = f"(p.day + interval '{whole(given.get('by_hour', EARLY))} hours') AT TIME ZONE w.zone"
    return f"""
WITH chosen AS (
    SELECT w.n, p.task_id, p.recorded_at,
        CASE
            WHEN p.recorded_at > {early} THEN 'chosen_late'
            WHEN t.id IS NULL OR t.deleted_at IS NOT NULL THEN 'deleted'
            WHEN t.owner_id <> w.person THEN 'given_away'
            WHEN t.status <> 'done' OR t.done_at <= p.recorded_at THEN 'not_done'
            ELSE '' END AS reason
    FROM windows w
    JOIN discipline_priority p
        ON p.user_id = w.person AND p.day <= w.day AND p.day > ((w.opens - interval '1 microsecond') AT TIME ZONE w.zone)::date
    LEFT JOIN crm_task_timeline t ON t.id = p.task_id AND t.from_at <= w.cut_off AND t.to_at > w.cut_off
    WHERE p.recorded_at <= w.cut_off AND (p.dropped_at IS NULL OR p.dropped_at > w.cut_off)
)
SELECT n, 'task' AS type, task_id AS id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, recorded_at AS at
FROM chosen
UNION ALL
SELECT n, 'task', 0, 'held', '', count(*), NULL, NULL FROM chosen GROUP BY n
"""


METRIC = Metric(
    key="priorities_done",
    version=1,
    kind=Kind.FLOW,
    unit=_("priorities"),
    label=_("Priorities done"),
    why=_("Up to three things chosen in the morning, and done by the cut-off."),
    icon="star",
    better=Better.MORE,
    facts=facts,
    parameters=(Parameter(key="by_hour", label=_("chosen by this hour"), kind=ParameterKind.NUMBER, least=6, most=20),),
)
