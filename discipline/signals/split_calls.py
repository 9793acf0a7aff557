"""Three or more calls with one contact within ten minutes, in each of which somebody was talked to. Only one counts as a conversation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.metrics.shared import NOT_REACHED
from discipline.signals.base import Signal, record

LEAST = 3

FOUND = f"""
calls AS (
    SELECT d.user_id, a.id, a.occurred_at,
        CASE WHEN a.contact_id IS NOT NULL THEN 'contact ' || a.contact_id ELSE 'company ' || a.company_id END AS whom
    FROM days d
    JOIN crm_activity a ON a.performed_by_id = d.user_id AND a.occurred_at > d.opens AND a.occurred_at <= d.cut_off
    WHERE a.kind = 'call' AND a.source <> 'import' AND a.deleted_at IS NULL AND a.result NOT IN ({NOT_REACHED})
        AND COALESCE(a.contact_id, a.company_id) IS NOT NULL
),
apart AS (
    SELECT *, COALESCE(occurred_at - lag(occurred_at) OVER one >= interval '10 minutes', true) AS starts
    FROM calls WINDOW one AS (PARTITION BY user_id, whom ORDER BY occurred_at, id)
),
runs AS (
    SELECT *, count(*) FILTER (WHERE starts) OVER (PARTITION BY user_id, whom ORDER BY occurred_at, id) AS run,
        count(*) OVER (
            PARTITION BY user_id, whom ORDER BY occurred_at RANGE BETWEEN interval '599 seconds' PRECEDING AND CURRENT ROW
        ) AS together
    FROM apart
)
SELECT user_id, jsonb_build_object('n', max(together)),
    jsonb_agg({record("activity", "id", "repeat", "occurred_at")} ORDER BY occurred_at, id)
FROM runs GROUP BY user_id, whom, run HAVING max(together) >= {LEAST} ORDER BY max(together) DESC, user_id, min(occurred_at)
"""

SIGNAL = Signal(
    key="split_calls",
    label=_("Calls close together"),
    icon="phone",
    asks=lambda n: (
        ngettext(
            "%(n)s call within ten minutes with one contact, only one counts: were these different talks?",
            "%(n)s calls within ten minutes with one contact, only one counts: were these different talks?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
