"""Tasks whose due date was moved further away three times or more, the last time within these days."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal, record

LEAST = 3

FOUND = f"""
held AS (
    SELECT DISTINCT p.task_id, d.user_id, d.opens, d.cut_off
    FROM days d JOIN crm_taskperiod p ON p.owner_id = d.user_id AND p.to_at > d.opens AND p.from_at <= d.cut_off
    WHERE p.from_at > d.opens
),
stretches AS (
    SELECT p.task_id, p.owner_id, p.from_at, p.due_at, p.due_at > lag(p.due_at) OVER (PARTITION BY p.task_id ORDER BY p.from_at) AS moved
    FROM crm_taskperiod p WHERE p.task_id IN (SELECT task_id FROM held)
),
moves AS (
    SELECT *, count(*) FILTER (WHERE moved) OVER (PARTITION BY task_id ORDER BY from_at) AS so_far FROM stretches
),
tasks AS (
    SELECT h.user_id, m.task_id, max(m.so_far) AS times, max(m.from_at) AS at
    FROM moves m JOIN held h ON h.task_id = m.task_id AND h.user_id = m.owner_id AND m.from_at > h.opens AND m.from_at <= h.cut_off
    WHERE m.moved AND m.so_far >= {LEAST} GROUP BY h.user_id, m.task_id
)
SELECT user_id, jsonb_build_object('n', count(*), 'most', max(times)),
    jsonb_agg({record("task", "task_id", "moved_again", "at", "times")} ORDER BY times DESC, task_id)
FROM tasks GROUP BY user_id ORDER BY count(*) DESC, user_id
"""

SIGNAL = Signal(
    key="moved_dates",
    label=_("Dates moved again"),
    icon="calendar-due",
    asks=lambda n: (
        ngettext(
            "The date of %(n)s task was moved %(most)s times: will it still be done, and what stands in the way?",
            "The dates of %(n)s tasks were moved three times or more: will they still be done, and what stands in the way?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
