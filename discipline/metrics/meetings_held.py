"""Meetings that took place, with what came of them."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

FACTS = """
SELECT n, 'activity' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, occurred_at AS at
FROM performed
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN late THEN 'late'
        WHEN deleted_at IS NOT NULL THEN 'deleted'
        WHEN result = '' THEN 'no_outcome'
        WHEN result = 'not_held' THEN 'not_held'
        ELSE '' END
) AS verdict (reason)
WHERE kind = 'meeting'
"""

METRIC = Metric(
    key="meetings_held",
    version=1,
    kind=Kind.FLOW,
    unit=_("meetings"),
    label=_("Meetings held"),
    why=_("A meeting counts once it says what came of it."),
    icon="users",
    better=Better.MORE,
    facts=FACTS,
    looks_at=("performed",),
    daily=True,
)
