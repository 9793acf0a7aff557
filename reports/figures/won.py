"""Deals won in the month, by the day on which they were first won, credited to whoever won them; only while they stay won.

What an import brought won was won on the day that its source gave, by its owner; without such a day nobody knows when, and it does not
count. Reopened and won again it does not either: its first win was before.
"""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import then

WON = f"{then('d')} AND d.deleted_at IS NULL AND d.status = 'won'"
BROUGHT = "d.source = 'import' AND d.first_won_at = d.recorded_at"

FIGURE = Figure(
    key="won",
    label=_("Won this month"),
    why=_("Each deal once, on the day it was first won, as long as it stays won."),
    icon="trophy",
    noun=Noun.DEAL,
    part=Part.DAY,
    holds=Holds.MONEY,
    records=f"""
SELECT d.id, d.first_won_by_id AS person, ((d.first_won_at AT TIME ZONE %(zone)s)::date)::text AS part,
    d.currency, d.amount_minor AS minor
FROM crm_deal_timeline d
WHERE {WON} AND NOT ({BROUGHT}) AND d.first_won_at >= %(month)s AND d.first_won_at <= %(moment)s
UNION ALL
SELECT d.id, d.owner_id, ((d.closed_at AT TIME ZONE %(zone)s)::date)::text, d.currency, d.amount_minor
FROM crm_deal_timeline d
WHERE {WON} AND {BROUGHT} AND d.closed_at >= %(month)s AND d.closed_at <= %(moment)s AND d.closed_at < d.recorded_at
""",
)
