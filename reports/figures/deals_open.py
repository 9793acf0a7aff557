"""Open deals by stage, with what they would bring."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part

FIGURE = Figure(
    key="deals_open",
    label=_("Open deals"),
    why=_("What is in the funnel, stage by stage."),
    icon="layout-kanban",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.MONEY,
    records="""
SELECT d.id, d.owner_id AS person, d.stage_id::text AS part, d.currency, d.amount_minor AS minor
FROM crm_dealperiod p
JOIN crm_deal_timeline d ON d.id = p.deal_id AND d.from_at <= %(moment)s AND d.to_at > %(moment)s
WHERE p.from_at <= %(moment)s AND p.to_at > %(moment)s
""",
)
