"""The personal plans of the month in money won: of each person the one recorded last."""

from django.utils.translation import gettext_lazy as _

from accounts.formats import NO_MINOR_UNITS
from reports.figures.base import Figure, Holds, Noun

WITHOUT_CENTS = ", ".join(f"'{currency}'" for currency in sorted(NO_MINOR_UNITS))
OF_MONTH = "{row}.metric = 'sum_won' AND {row}.parameters = '{{}}' AND {row}.first = %(first)s AND {row}.last = %(last)s AND {row}.recorded_at <= %(moment)s"

FIGURE = Figure(
    key="plan",
    label=_("Plan of the month"),
    why=_("What everybody is to win this month, added up."),
    icon="target",
    noun=Noun.PLAN,
    holds=Holds.MONEY,
    records=f"""
SELECT p.id, p.user_id AS person, '' AS part, home.currency,
    (p.target * CASE WHEN home.currency IN ({WITHOUT_CENTS}) THEN 1 ELSE 100 END)::bigint AS minor
FROM discipline_plan p
CROSS JOIN (SELECT COALESCE((SELECT currency FROM crm_companysettings WHERE id = 1), 'EUR') AS currency) AS home
WHERE {OF_MONTH.format(row="p")} AND NOT EXISTS (
    SELECT FROM discipline_plan q
    WHERE q.user_id = p.user_id AND {OF_MONTH.format(row="q")} AND (q.recorded_at, q.id) > (p.recorded_at, p.id)
)
""",
)
