"""Outages declared after the horizon: a rule that was missed while its source did not work does not apply."""

from discipline.models import AdjustmentKind
from discipline.proposals.base import THAT_COUNT, Cause

FACTS = f"""
SELECT c.id, 'outage', o.id, o.source, NULL::numeric, o.from_at
FROM discipline_outage o
JOIN discipline_scorecard c
    ON (o.team_id IS NULL OR c.team_id = o.team_id) AND c.cut_off > o.from_at AND c.window_from < o.until_at
    AND c.day >= o.from_at::date - 1 AND c.horizon < o.recorded_at
WHERE o.recorded_at > %(since)s AND o.recorded_at <= %(now)s AND NOT o.withdrawn
    AND (%(people)s::bigint[] IS NULL OR c.user_id = ANY(%(people)s)) AND {THAT_COUNT}
"""  # noqa: S608 - our own words

CAUSE = Cause(
    kind=AdjustmentKind.LATE_OUTAGE, noun="outage", table="discipline_outage", changed="withdrawn_at", facts=FACTS
)
