"""Clients whose purchases fell: by at least 30 % in the last year against the one before, with what is missing.

Who buys in several currencies stands in the one in which most is missing.
"""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import shipments, then

FIGURE = Figure(
    key="falling",
    label=_("Purchases fall"),
    why=_("These clients buy at least 30 per cent less than a year ago."),
    icon="trending-down",
    noun=Noun.COMPANY,
    holds=Holds.MONEY,
    heavy=True,
    records=f"""
SELECT c.id, c.owner_id AS person, '' AS part, b.currency, b.missing::bigint AS minor
FROM crm_company_timeline c
CROSS JOIN LATERAL (
    SELECT was.currency, was.sum - COALESCE(became.sum, 0) AS missing
    FROM ({shipments(since="%(years_ago)s", until="%(year_ago)s")}) AS was
    LEFT JOIN ({shipments(since="%(year_ago)s", until="%(day)s")}) AS became ON became.currency = was.currency
    WHERE was.sum > 0 AND COALESCE(became.sum, 0) * 100 <= was.sum * 70
    ORDER BY missing DESC, was.currency LIMIT 1
) AS b
WHERE {then("c")} AND c.deleted_at IS NULL
""",
)
