"""Wins that counted on a card and were opened again, or deleted, within 30 days after they were won: what they brought goes back."""

from discipline.models import AdjustmentKind
from discipline.proposals.base import THAT_COUNT, Cause

FACTS = f"""
SELECT c.id, 'deal', d.id, CASE WHEN d.deleted_at IS NULL THEN 'reopened' ELSE 'deleted' END, NULL::numeric, lost.at
FROM crm_deal d
CROSS JOIN LATERAL (
    SELECT min(v.from_at) AS at FROM crm_deal_timeline v
    WHERE v.id = d.id AND v.from_at > d.first_won_at AND (v.status <> 'won' OR v.deleted_at IS NOT NULL)
) AS lost
JOIN discipline_scorecard c
    ON c.user_id = d.first_won_by_id AND c.day >= d.first_won_at::date - 1 AND c.day <= lost.at::date + 1
    AND c.cut_off >= d.first_won_at AND c.cut_off < lost.at
WHERE d.changed_at > %(since)s AND d.changed_at <= %(now)s AND d.first_won_at IS NOT NULL
    AND (d.status <> 'won' OR d.deleted_at IS NOT NULL) AND lost.at <= d.first_won_at + interval '30 days'
    AND (%(people)s::bigint[] IS NULL OR d.first_won_by_id = ANY(%(people)s)) AND {THAT_COUNT}
    AND EXISTS (
        SELECT FROM discipline_scoreline l
        WHERE l.card_id = c.id AND l.evidence @> jsonb_build_array(jsonb_build_array('deal', d.id, 'counted'))
    )
"""  # noqa: S608 - our own words

CAUSE = Cause(kind=AdjustmentKind.WIN_REOPENED, noun="deal", table="crm_deal", changed="changed_at", facts=FACTS)
