"""Whether the day's data was in by the deadline. The value counts what is wrong; none is on time.

Wrong is: a record entered by hand in the window that was late for the window it belongs to; a planned meeting of the window
without an outcome at the cut-off; nothing entered at all. Captured and imported records are nobody's entering.
"""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

ENTERED = " AND ".join(
    f"""NOT EXISTS (
        SELECT FROM crm_{noun}_timeline r
        WHERE r.{who}_id = w.person AND r.recorded_at > w.opens AND r.recorded_at <= w.cut_off
            AND r.recorded_at > %(first_opens)s AND r.recorded_at <= %(last_cut_off)s AND r.source = 'manual'
    )"""
    for noun, who in (
        ("activity", "performed_by"),
        ("task", "created_by"),
        ("deal", "created_by"),
        ("contact", "created_by"),
        ("company", "created_by"),
    )
)

FACTS = f"""
SELECT w.n, 'activity' AS type, a.id, 'breach' AS role, 'late' AS reason, 1 AS counts, NULL::numeric AS value, a.occurred_at AS at
FROM windows w
JOIN crm_activity_timeline a
    ON a.performed_by_id = w.person AND a.recorded_at > w.opens AND a.recorded_at <= w.cut_off
    AND a.recorded_at > %(first_opens)s AND a.recorded_at <= %(last_cut_off)s
    AND a.from_at <= w.cut_off AND a.to_at > w.cut_off
WHERE a.source = 'manual' AND a.deleted_at IS NULL AND a.occurred_at > w.since AND a.occurred_at <= w.opens
    AND a.recorded_at > a.occurred_at + interval '15 minutes'
UNION ALL
SELECT n, 'activity', id, 'breach', 'no_outcome', 1, NULL, occurred_at
FROM performed WHERE kind = 'meeting' AND result = '' AND deleted_at IS NULL AND NOT late
UNION ALL
SELECT h.n, 'task', h.task_id, 'breach', 'no_outcome', 1, NULL, h.due_at
FROM held_tasks h
JOIN crm_taskperiod p ON p.task_id = h.task_id AND p.from_at = h.from_at AND p.kind = 'meeting'
WHERE h.from_at <= h.cut_off AND h.to_at > h.cut_off AND h.due_at > h.opens AND h.due_at <= h.cut_off
UNION ALL
SELECT w.n, 'day', 0, 'breach', 'nothing_entered', 1, NULL, w.cut_off FROM windows w WHERE {ENTERED}
"""

METRIC = Metric(
    key="data_in_time",
    version=1,
    kind=Kind.TIMELINESS,
    unit=_("late records"),
    label=_("Data in by the deadline"),
    why=_("The day is known on the day: what happened is entered before the cut-off, meetings with their outcome."),
    icon="clock-check",
    better=Better.FEWER,
    facts=FACTS,
    looks_at=("performed", "held_tasks"),
    daily=True,
)
