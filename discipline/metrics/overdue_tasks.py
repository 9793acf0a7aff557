"""Tasks still open at the cut-off that were overdue at some moment of the window.

Overdue means past the due date that was in force at that moment: moving a lapsed date away does not undo it that day. The task
is charged to whoever let it lapse: its owner when it first was overdue in the window, or as the window opened. Giving it away
afterwards changes nothing, unless a head marked it clean: then it counts for nobody that day. What lapsed on a whole day of leave
is exempt on the day of return.

A stretch of a task (one owner, one due date, from_at <= t < to_at) is overdue somewhere in (opens, cut_off] when
due_at < min(to_at, cut_off), first at max(due_at, from_at, opens). Only for stretches that began or ended within the window need
the others of the task be looked at.
"""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

FACTS = """
WITH breached AS (
    SELECT DISTINCT ON (n, task_id) *, GREATEST(due_at, from_at, opens) AS first_at
    FROM lapsing_tasks
    WHERE due_at < LEAST(to_at, cut_off)
    ORDER BY n, task_id, GREATEST(due_at, from_at, opens)
)
SELECT n, 'task' AS type, task_id AS id, 'breach' AS role, 'overdue' AS reason, 1 AS counts, NULL::numeric AS value, due_at AS at
FROM breached b
WHERE NOT EXISTS (
    SELECT FROM away a
    WHERE a.n = b.n AND GREATEST(b.due_at, b.from_at) > a.from_at AND GREATEST(b.due_at, b.from_at) <= a.to_at
) AND NOT EXISTS (
    SELECT FROM crm_cleantransfer c WHERE c.task_id = b.task_id AND c.recorded_at > b.opens AND c.recorded_at <= b.cut_off
) AND (to_at > cut_off OR EXISTS (
    SELECT FROM crm_taskperiod o WHERE o.task_id = b.task_id AND o.from_at <= b.cut_off AND o.to_at > b.cut_off OFFSET 0
)) AND (from_at <= opens OR NOT EXISTS (
    SELECT FROM crm_taskperiod q
    WHERE q.task_id = b.task_id AND q.owner_id <> b.person AND q.to_at > b.opens AND q.from_at <= b.cut_off
        AND q.due_at < LEAST(q.to_at, b.cut_off) AND GREATEST(q.due_at, q.from_at, b.opens) < b.first_at
    OFFSET 0
))
UNION ALL
SELECT n, 'task', 0, 'held', '', tasks, NULL, NULL FROM task_counts
"""

METRIC = Metric(
    key="overdue_tasks",
    version=1,
    kind=Kind.STATE,
    unit=_("tasks"),
    label=_("Overdue tasks"),
    why=_("What was promised for a time is done by then, or moved before."),
    icon="hourglass",
    better=Better.FEWER,
    facts=FACTS,
    looks_at=("lapsing_tasks", "task_counts"),
    needs_items=True,
    daily=True,
)
