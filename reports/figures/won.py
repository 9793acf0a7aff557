"""Deals won in the month, by the day on which they were first won, credited to whoever won them; only while they stay won."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part

FIGURE = Figure(
    key="won",
    label=_("Won this month"),
    why=_("Each deal once, on the day it was first won, as long as it stays won."),
    icon="trophy",
    noun=Noun.DEAL,
    part=Part.DAY,
    holds=Holds.MONEY,
    records="""
SELECT d.id, d.first_won_by_id AS person, ((d.first_won_at AT TIME ZONE %(zone)s)::date)::text AS part,
    d.currency, d.amount_minor AS minor
FROM crm_deal_timeline d
WHERE d.from_at <= %(moment)s AND d.to_at > %(moment)s AND d.deleted_at IS NULL AND d.status = 'won'
    AND d.first_won_at >= %(month)s AND d.first_won_at <= %(moment)s
""",
)
