"""Companies that counted on a card and were deleted within 30 days after its cut-off: what they brought goes back."""

from discipline.models import AdjustmentKind
from discipline.proposals.base import THAT_COUNT, Cause

FACTS = f"""
SELECT c.id, 'company', o.id, 'deleted', NULL::numeric, o.deleted_at
FROM crm_company o
JOIN discipline_scorecard c
    ON c.user_id = o.created_by_id AND c.day >= o.recorded_at::date - 1 AND c.day <= o.deleted_at::date + 1
    AND c.cut_off >= o.recorded_at AND c.cut_off < o.deleted_at AND o.deleted_at <= c.cut_off + interval '30 days'
WHERE o.changed_at > %(since)s AND o.changed_at <= %(now)s AND o.deleted_at IS NOT NULL
    AND (%(people)s::bigint[] IS NULL OR o.created_by_id = ANY(%(people)s)) AND {THAT_COUNT}
    AND EXISTS (
        SELECT FROM discipline_scoreline l
        WHERE l.card_id = c.id AND l.evidence @> jsonb_build_array(jsonb_build_array('company', o.id, 'counted'))
    )
"""  # noqa: S608 - our own words

CAUSE = Cause(
    kind=AdjustmentKind.COMPANY_DELETED, noun="company", table="crm_company", changed="changed_at", facts=FACTS
)
