"""Whether the day's data was in by the deadline. The value counts what is wrong; none is on time.

Wrong is: a record entered by hand in the window that was late for the window it belongs to; a planned meeting of the window
without an outcome at the cut-off; nothing entered at all. Captured and imported records are nobody's entering.
"""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric

ENTERED = " OR ".join(
    f"""EXISTS (
        SELECT FROM crm_{noun}_timeline r
        WHERE r.{who}_id = w.person AND r.recorded_at > w.opens AND r.recorded_at <= w.cut_off
            AND r.recorded_at > %(first_opens)s AND r.recorded_at <= %(last_cut_off)s AND r.source = 'manual' OFFSET 0
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
WITH silent AS MATERIALIZED (
    SELECT * FROM windows w WHERE NOT EXISTS (
        SELECT FROM entered e WHERE e.n = w.n AND e.source = 'manual' AND e.recorded_at > w.opens AND e.recorded_at <= w.cut_off
    )
)
SELECT n, 'activity' AS type, id, 'breach' AS role, 'late' AS reason, 1 AS counts, NULL::numeric AS value, occurred_at AS at
FROM entered
WHERE source = 'manual' AND deleted_at IS NULL AND occurred_at > since AND occurred_at <= opens AND recorded_at > opens
    AND recorded_at <= cut_off AND recorded_at > occurred_at + interval '15 minutes' AND from_at <= cut_off AND to_at > cut_off
UNION ALL
SELECT n, 'activity', id, 'breach', 'no_outcome', 1, NULL, occurred_at
FROM performed WHERE kind = 'meeting' AND result = '' AND deleted_at IS NULL AND NOT late
UNION ALL
SELECT h.n, 'task', h.task_id, 'breach', 'no_outcome', 1, NULL, h.due_at
FROM lapsing_tasks h
WHERE h.to_at > h.cut_off AND h.due_at > h.opens AND EXISTS (
    SELECT FROM crm_taskperiod p WHERE p.task_id = h.task_id AND p.to_at = h.to_at AND p.kind = 'meeting' OFFSET 0
)
UNION ALL
SELECT w.n, 'day', 0, 'breach', 'nothing_entered', 1, NULL, w.cut_off FROM silent w WHERE NOT ({ENTERED})
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
    looks_at=("entered", "performed", "lapsing_tasks"),
    daily=True,
)
