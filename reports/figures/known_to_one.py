"""Clients whom only one person knows: all that was done with them in a year was his. With the open deals that hang on him.

Clients of the last 30 days are left out, since everybody begins with one person; so are those with whom nothing was done. Who has deals in several
currencies stands in that of most of them.
"""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import then

DONE = "{row}.occurred_at > %(days_365)s AND {row}.occurred_at <= %(moment)s AND {row}.deleted_at IS NULL"

FIGURE = Figure(
    key="known_to_one",
    label=_("Known to one person"),
    why=_("If this person is ill or leaves, nobody else knows these clients."),
    icon="key",
    noun=Noun.COMPANY,
    holds=Holds.MONEY,
    heavy=True,
    records=f"""
SELECT c.id, u.id AS person, '' AS part, COALESCE(deals.currency, '') AS currency, deals.sum AS minor
FROM accounts_user u
CROSS JOIN LATERAL (
    SELECT DISTINCT a.company_id FROM crm_activity_timeline a
    WHERE a.performed_by_id = u.id AND a.company_id IS NOT NULL AND {DONE.format(row="a")} AND {then("a")}
    OFFSET 0
) AS mine
JOIN crm_company_timeline c
    ON c.id = mine.company_id AND {then("c")} AND c.deleted_at IS NULL AND c.recorded_at <= %(days_30)s
LEFT JOIN LATERAL (
    SELECT d.currency, sum(d.amount_minor)::bigint AS sum
    FROM crm_deal_timeline d
    WHERE d.company_id = c.id AND d.status = 'open' AND d.deleted_at IS NULL AND {then("d")}
    GROUP BY d.currency ORDER BY count(*) DESC, d.currency LIMIT 1
) AS deals ON true
WHERE NOT EXISTS (
    SELECT FROM crm_activity_timeline o
    WHERE o.company_id = c.id AND o.performed_by_id <> u.id AND {DONE.format(row="o")} AND {then("o")}
    OFFSET 0
)
""",
)
