"""Calls entered by hand that telephony knows nothing of, by somebody whose calls it captures otherwise: a few of them to ask about.

Telephony knows a call when it captured one of the same person with the same contact or company within 15 minutes. Which ones are
taken as the sample follows from their numbers alone, so that looking again shows the same.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.metrics.shared import NOT_REACHED
from discipline.signals.base import Signal, record

LEAST = 3
SAMPLE = 3

FOUND = f"""
calls AS (
    SELECT d.user_id, a.id, a.occurred_at, a.source, a.contact_id, a.company_id
    FROM days d
    JOIN crm_activity a ON a.performed_by_id = d.user_id AND a.occurred_at > d.opens AND a.occurred_at <= d.cut_off
    WHERE a.kind = 'call' AND a.deleted_at IS NULL AND a.result NOT IN ({NOT_REACHED})
),
unknown AS (
    SELECT m.*, row_number() OVER (PARTITION BY user_id ORDER BY md5(id::text)) AS place
    FROM calls m
    WHERE m.source = 'manual' AND EXISTS (SELECT FROM calls u WHERE u.user_id = m.user_id AND u.source = 'telephony')
        AND NOT EXISTS (
            SELECT FROM crm_activity t
            WHERE t.performed_by_id = m.user_id AND t.source = 'telephony' AND t.kind = 'call'
                AND t.occurred_at BETWEEN m.occurred_at - interval '15 minutes' AND m.occurred_at + interval '15 minutes'
                AND (t.contact_id = m.contact_id OR t.company_id = m.company_id)
        )
)
SELECT user_id, jsonb_build_object('n', count(*), 'sample', count(*) FILTER (WHERE place <= {SAMPLE})),
    jsonb_agg({record("activity", "id", "by_hand", "occurred_at")} ORDER BY occurred_at, id) FILTER (WHERE place <= {SAMPLE})
FROM unknown GROUP BY user_id HAVING count(*) >= {LEAST} ORDER BY count(*) DESC, user_id
"""

SIGNAL = Signal(
    key="unmatched_calls",
    label=_("Calls by hand beside telephony"),
    icon="phone-off",
    asks=lambda n: (
        ngettext(
            "%(n)s call was entered by hand and is not in telephony. Ask about it: what was said, from which phone?",
            "%(n)s calls were entered by hand and are not in telephony. Ask about these %(sample)s: what was said, from which phone?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
