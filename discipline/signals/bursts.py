"""Days of which half of the records or more were entered in the last 15 minutes before the cut-off."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal

LEAST = 6

ENTERED = "\n    UNION ALL ".join(
    f"""SELECT d.user_id, d.card_id, d.day, d.cut_off, '{noun}' AS noun, r.id, r.recorded_at
    FROM days d JOIN crm_{noun} r ON r.{who}_id = d.user_id AND r.recorded_at > d.opens AND r.recorded_at <= d.cut_off
    WHERE r.source = 'manual' AND r.deleted_at IS NULL"""
    for noun, who in (
        ("activity", "performed_by"),
        ("task", "created_by"),
        ("deal", "created_by"),
        ("company", "created_by"),
    )
)

FOUND = f"""
entered AS (
    {ENTERED}
),
judged AS (SELECT *, recorded_at > cut_off - interval '15 minutes' AS last_minute FROM entered)
SELECT user_id,
    jsonb_build_object('n', count(*) FILTER (WHERE last_minute), 'of', count(*), 'day', day),
    jsonb_agg(jsonb_build_array(noun, id, 'excluded', 'last_minutes', NULL, recorded_at) ORDER BY recorded_at, id)
        FILTER (WHERE last_minute)
FROM judged GROUP BY user_id, card_id, day
HAVING count(*) >= {LEAST} AND 2 * count(*) FILTER (WHERE last_minute) >= count(*)
ORDER BY day DESC, user_id
"""

SIGNAL = Signal(
    key="bursts",
    label=_("All at the end of the day"),
    icon="clock-exclamation",
    asks=lambda n: (
        ngettext(
            "%(n)s of %(of)s record was entered in the last quarter of an hour: could it be written down as it happens?",
            "%(n)s of %(of)s records were entered in the last quarter of an hour: could they be written down as they happen?",
            n["of"],
        )
        % n
    ),
    found=FOUND,
)
