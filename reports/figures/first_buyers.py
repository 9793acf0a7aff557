"""Clients who bought for the first time in the last year, with what they have bought for since in the currency that they buy in most."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import shipments, then

FIGURE = Figure(
    key="first_buyers",
    label=_("First purchases"),
    why=_("Clients who bought for the first time in the last 365 days."),
    icon="shopping-bag",
    noun=Noun.COMPANY,
    holds=Holds.MONEY,
    heavy=True,
    records=f"""
SELECT c.id, c.owner_id AS person, '' AS part, b.currency, b.sum::bigint AS minor
FROM crm_company_timeline c
CROSS JOIN LATERAL (
    SELECT currency, sum FROM ({shipments(since="%(year_ago)s", until="%(day)s")}) AS bought
    ORDER BY bought DESC, currency LIMIT 1
) AS b
WHERE {then("c")} AND c.deleted_at IS NULL AND NOT EXISTS (
    SELECT FROM crm_purchase_timeline e
    WHERE e.company_id = c.id AND e.kind = 'shipment' AND e.deleted_at IS NULL AND {then("e")} AND e.day <= %(year_ago)s
)
""",
)
