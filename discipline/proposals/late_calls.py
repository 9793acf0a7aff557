"""Calls and meetings that telephony and other programs brought after the horizon, within 35 days: the window is measured again."""

from discipline.models import AdjustmentKind
from discipline.proposals.base import THAT_COUNT, Cause

FACTS = f"""
SELECT c.id, 'activity', a.id, '', NULL::numeric, a.occurred_at
FROM accounts_user u
CROSS JOIN LATERAL (
    SELECT id, occurred_at, recorded_at FROM crm_activity
    WHERE performed_by_id = u.id AND recorded_at > %(since)s AND recorded_at <= %(now)s
        AND source NOT IN ('manual', 'import') AND kind IN ('call', 'meeting') AND deleted_at IS NULL
        AND occurred_at < recorded_at - interval '30 minutes'
    OFFSET 0
) AS a
JOIN discipline_scorecard c
    ON c.user_id = u.id AND c.day >= a.occurred_at::date - 1 AND c.day <= a.recorded_at::date + 1
    AND c.cut_off >= a.occurred_at AND c.horizon < a.recorded_at AND a.recorded_at <= c.horizon + interval '35 days'
WHERE (%(people)s::bigint[] IS NULL OR u.id = ANY(%(people)s)) AND {THAT_COUNT}
    AND a.occurred_at > LEAST(c.window_from, (SELECT min(l.opens) FROM discipline_scoreline l WHERE l.card_id = c.id))
"""  # noqa: S608 - our own words

CAUSE = Cause(kind=AdjustmentKind.LATE_CALLS, noun="activity", table="crm_activity", changed="changed_at", facts=FACTS)
"""The inner query stays one index scan a person (hence OFFSET 0): nothing is known about when records of everybody were stamped."""
