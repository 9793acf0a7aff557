"""Tasks that had lapsed or fell due that day, given to a colleague in the last two hours before the cut-off.

The breach stays with whoever let the task lapse; a transfer that a head marked as clean is no question.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal, record

FOUND = f"""
given AS (
    SELECT d.user_id, p.task_id, p.to_at AS at
    FROM days d
    JOIN crm_taskperiod p
        ON p.owner_id = d.user_id AND p.to_at > GREATEST(d.opens, d.cut_off - interval '2 hours') AND p.to_at <= d.cut_off
    JOIN crm_taskperiod n ON n.task_id = p.task_id AND n.from_at = p.to_at AND n.owner_id <> p.owner_id
    WHERE p.due_at <= d.cut_off AND NOT EXISTS (
        SELECT FROM crm_cleantransfer c
        WHERE c.task_id = p.task_id AND c.recorded_at BETWEEN p.to_at - interval '1 minute' AND p.to_at + interval '1 minute'
    )
)
SELECT user_id, jsonb_build_object('n', count(*)),
    jsonb_agg({record("task", "task_id", "given_away", "at")} ORDER BY at, task_id)
FROM given GROUP BY user_id ORDER BY count(*) DESC, user_id
"""

SIGNAL = Signal(
    key="given_away",
    label=_("Given away before the deadline"),
    icon="user-share",
    asks=lambda n: (
        ngettext(
            "%(n)s task that was due went to a colleague shortly before the cut-off: was that agreed, and why so late?",
            "%(n)s tasks that were due went to colleagues shortly before the cut-off: was that agreed, and why so late?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
