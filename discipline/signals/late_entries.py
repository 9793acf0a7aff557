"""Calls and meetings written down after the cut-off of the day they belong to, again and again.

A record entered by hand is in time by the cut-off, or within 15 minutes of its own end.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal, record

LEAST = 3

FOUND = f"""
late AS (
    SELECT d.user_id, d.day, a.id, a.occurred_at
    FROM days d
    JOIN crm_activity a ON a.performed_by_id = d.user_id AND a.occurred_at > d.opens AND a.occurred_at <= d.cut_off
    WHERE a.source = 'manual' AND a.deleted_at IS NULL AND a.kind <> 'note'
        AND a.recorded_at > GREATEST(d.cut_off, a.occurred_at + interval '15 minutes')
)
SELECT user_id, jsonb_build_object('n', count(*), 'days', count(DISTINCT day)),
    jsonb_agg({record("activity", "id", "late", "occurred_at")} ORDER BY occurred_at, id)
FROM late GROUP BY user_id HAVING count(*) >= {LEAST} ORDER BY count(*) DESC, user_id
"""

SIGNAL = Signal(
    key="late_entries",
    label=_("Entered late"),
    icon="hourglass",
    asks=lambda n: (
        ngettext(
            "%(n)s records of %(days)s day were entered after the cut-off: what kept them from the day?",
            "%(n)s records of %(days)s days were entered after the cut-off: what kept them from those days?",
            n["days"],
        )
        % n
    ),
    found=FOUND,
)
