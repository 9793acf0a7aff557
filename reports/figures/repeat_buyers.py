"""Clients who bought more than once in the last year, with what they bought for in the currency that they buy in most."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import shipments, then

FIGURE = Figure(
    key="repeat_buyers",
    label=_("Repeat buyers"),
    why=_("Clients who came back in the last 365 days."),
    icon="repeat",
    noun=Noun.COMPANY,
    holds=Holds.MONEY,
    heavy=True,
    records=f"""
SELECT c.id, c.owner_id AS person, '' AS part, b.currency, b.sum::bigint AS minor
FROM crm_company_timeline c
CROSS JOIN LATERAL (
    SELECT currency, sum, sum(bought) OVER () AS times FROM ({shipments(since="%(year_ago)s", until="%(day)s")}) AS bought
    ORDER BY bought DESC, currency LIMIT 1
) AS b
WHERE {then("c")} AND c.deleted_at IS NULL AND b.times > 1
""",
)
