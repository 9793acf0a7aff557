"""Tasks from others done well ahead of their date: (due - created) / (done - created) is at least 1.5.

Of a task set by somebody else, given at least a day before it was due, whose date never moved, and done for the first time: what
somebody sets for himself he could set late.
"""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

FACTS = """
WITH done AS (
    SELECT w.n, w.cut_off, t.id, t.due_at, t.recorded_at, t.done_at
    FROM windows w
    CROSS JOIN LATERAL (
        SELECT p.task_id, p.to_at FROM crm_taskperiod p
        WHERE p.owner_id = w.person AND p.to_at > w.opens AND p.to_at <= w.cut_off OFFSET 0
    ) AS ended
    JOIN crm_task_timeline t
        ON t.id = ended.task_id AND t.done_at = ended.to_at AND t.from_at <= w.cut_off AND t.to_at > w.cut_off
    WHERE t.status = 'done' AND t.deleted_at IS NULL AND t.created_by_id <> w.person AND t.source <> 'import'
)
SELECT n, 'task' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, done_at AS at
FROM done d
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM crm_task_timeline m WHERE m.id = d.id AND m.due_at <> d.due_at AND m.from_at <= d.cut_off
        ) THEN 'moved'
        WHEN EXISTS (
            SELECT FROM crm_task_timeline r WHERE r.id = d.id AND r.done_at < d.done_at AND r.from_at <= d.cut_off
        ) THEN 'done_before'
        WHEN d.due_at - d.recorded_at < interval '24 hours' THEN 'short_notice'
        WHEN d.due_at - d.recorded_at < 1.5 * (d.done_at - d.recorded_at) THEN 'not_ahead'
        ELSE '' END
) AS verdict (reason)
"""

METRIC = Metric(
    key="tasks_ahead",
    version=1,
    kind=Kind.FLOW,
    unit=_("tasks"),
    label=_("Tasks done ahead"),
    why=_("What colleagues wait for is done with a third of the time to spare."),
    icon="rocket",
    better=Better.MORE,
    facts=FACTS,
)
