"""Open deals whose next step lies more than 30 days away, or was pushed on twice and more, a week at least each time.

Looked at as of the person's last cut-off in these days.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal, record
from discipline.windows import NEXT_STEP_DAYS

LEAST = 2

FOUND = f"""
ends AS (SELECT user_id, max(cut_off) AS at FROM days GROUP BY user_id),
nearest AS (
    SELECT DISTINCT ON (p.deal_id) e.user_id, e.at, p.deal_id, t.task_id, t.due_at
    FROM ends e
    JOIN crm_dealperiod p ON p.owner_id = e.user_id AND p.from_at <= e.at AND p.to_at > e.at
    JOIN crm_taskperiod t ON t.deal_id = p.deal_id AND t.from_at <= e.at AND t.to_at > e.at
    ORDER BY p.deal_id, t.due_at, t.task_id
),
stretches AS (
    SELECT n.user_id, n.deal_id, p.due_at - lag(p.due_at) OVER (PARTITION BY p.task_id ORDER BY p.from_at) AS pushed
    FROM nearest n JOIN crm_taskperiod p ON p.task_id = n.task_id AND p.from_at <= n.at
),
pushed AS (
    SELECT user_id, deal_id, count(*) FILTER (WHERE pushed >= interval '7 days') AS times FROM stretches GROUP BY user_id, deal_id
),
far AS (
    SELECT n.*, n.due_at > n.at + interval '{NEXT_STEP_DAYS} days' AS beyond, p.times
    FROM nearest n JOIN pushed p ON p.user_id = n.user_id AND p.deal_id = n.deal_id
    WHERE n.due_at > n.at + interval '{NEXT_STEP_DAYS} days' OR p.times >= 2
)
SELECT user_id, jsonb_build_object('n', count(*)),
    jsonb_agg({record("task", "task_id", "far_away", "due_at")} ORDER BY due_at DESC, task_id)
FROM far GROUP BY user_id HAVING count(*) >= {LEAST} ORDER BY count(*) DESC, user_id
"""

SIGNAL = Signal(
    key="far_tasks",
    label=_("Next steps far away"),
    icon="calendar-event",
    asks=lambda n: (
        ngettext(
            "The next step of %(n)s deal is far away or was pushed on again and again: is somebody still working on it?",
            "The next steps of %(n)s deals are far away or were pushed on again and again: is somebody still working on them?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
