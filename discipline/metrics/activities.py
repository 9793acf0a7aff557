"""What was done with clients, of the kinds, results and clients that a company chooses."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.models import ActivityKind, ActivityResult, Direction
from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import of_segment
from discipline.metrics.parameters import SEGMENT, Parameter, ParameterKind, listed
from discipline.metrics.shared import performed

FILED = """EXISTS (
        SELECT FROM crm_fileperiod f
        WHERE (f.deal_id = d.deal_id OR f.task_id = d.task_id) AND f.from_at > d.opens AND f.from_at <= d.cut_off AND f.to_at > d.cut_off
    )"""


def facts(given: Mapping[str, Any]) -> str:
    kinds = listed(given.get("kinds", ActivityKind.values), ActivityKind.values)
    results = f"AND d.result IN ({listed(given['results'], ActivityResult.values)})" if "results" in given else ""
    direction = f"AND d.direction IN ({listed([given['direction']], Direction.values)})" if "direction" in given else ""
    note = "btrim(d.note) = ''" if "note" in given else "false"
    file = f"NOT {FILED}" if "file" in given else "false"
    return f"""
WITH done AS ({performed(kinds)})
SELECT d.n, 'activity' AS type, d.id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, d.occurred_at AS at
FROM done d
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN d.late THEN 'late'
        WHEN d.deleted_at IS NOT NULL THEN 'deleted'
        WHEN {note} THEN 'without_note'
        WHEN {file} THEN 'without_file'
        ELSE '' END
) AS verdict (reason)
WHERE NOT d.earlier {results} {direction} {of_segment(given, "d.company_id", "d.cut_off")}
"""


METRIC = Metric(
    key="activities",
    version=1,
    kind=Kind.FLOW,
    unit=_("activities"),
    label=_("Activities"),
    why=_("What was done with clients and entered in time, of the kinds that the rule names."),
    icon="history",
    better=Better.MORE,
    facts=facts,
    looks_at=("entered",),
    parameters=(
        Parameter(
            key="kinds",
            label=_("kinds"),
            kind=ParameterKind.CHOICES,
            choices=tuple(ActivityKind.choices),
            required=True,
        ),
        Parameter(key="results", label=_("results"), kind=ParameterKind.CHOICES, choices=tuple(ActivityResult.choices)),
        Parameter(key="direction", label=_("direction"), kind=ParameterKind.CHOICE, choices=tuple(Direction.choices)),
        SEGMENT,
        Parameter(key="note", label=_("with a note"), kind=ParameterKind.YES_NO),
        Parameter(key="file", label=_("with a file put on the deal or task that day"), kind=ParameterKind.YES_NO),
    ),
)
