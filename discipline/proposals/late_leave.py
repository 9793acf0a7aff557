"""Leave approved after the horizon: the day had no window then, or only a part of it; the day after had a longer one."""

from discipline.models import AdjustmentKind
from discipline.proposals.base import THAT_COUNT, Cause

FACTS = f"""
SELECT c.id, 'leave', l.id, l.kind, NULL::numeric, l.from_at
FROM discipline_leave l
JOIN discipline_scorecard c
    ON c.user_id = l.user_id AND c.cut_off > l.from_at AND c.window_from < l.until_at + interval '1 day'
    AND c.horizon < l.approved_at
WHERE l.approved_at > %(since)s AND l.approved_at <= %(now)s AND l.cancelled_at IS NULL
    AND (%(people)s::bigint[] IS NULL OR l.user_id = ANY(%(people)s)) AND {THAT_COUNT}
"""  # noqa: S608 - our own words

CAUSE = Cause(
    kind=AdjustmentKind.LATE_LEAVE, noun="leave", table="discipline_leave", changed="cancelled_at", facts=FACTS
)
