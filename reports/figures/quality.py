"""How good the cards of the companies are: hundredths of points of 100, the same as the rule of the quality of the base counts."""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.quality import COMPANY, FRESHNESS, TWIN
from discipline.metrics.shared import NOT_REACHED
from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import then

TWINS = " OR ".join(TWIN.format(key=key) for key in ("tax_key", "domain_key", "phone_reversed"))

FIGURE = Figure(
    key="quality",
    label=_("Quality of the base"),
    why=_("Cards that are complete, true, single and fresh, each with a next step, are what everybody works with."),
    icon="id",
    noun=Noun.COMPANY,
    holds=Holds.HUNDREDTHS,
    heavy=True,
    records=f"""
SELECT a.id, a.owner_id AS person, '' AS part, '' AS currency, round(100 * (
    35 * completeness + 25 * validity + CASE WHEN {TWINS} THEN 0 ELSE 15 END + 15 * {FRESHNESS}
    + CASE WHEN EXISTS (SELECT FROM crm_taskperiod p WHERE p.company_id = a.id AND {then("p")}) THEN 10 ELSE 0 END
))::bigint AS minor
FROM (
    SELECT {COMPANY}, c.owner_id, %(moment)s::timestamptz AS cut_off
    FROM crm_company_timeline c WHERE {then("c")} AND c.deleted_at IS NULL
) AS a
CROSS JOIN LATERAL (
    SELECT max(t.occurred_at) AS last_contact FROM crm_activity_timeline t
    WHERE t.company_id = a.id AND t.occurred_at <= %(moment)s AND {then("t")} AND t.deleted_at IS NULL AND t.kind <> 'note'
        AND t.result NOT IN ({NOT_REACHED})
) AS touched
""",
)
