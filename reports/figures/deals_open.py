"""Open deals by stage, with what they would bring."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import open_deals

FIGURE = Figure(
    key="deals_open",
    label=_("Open deals"),
    why=_("What is in the funnel, stage by stage."),
    icon="layout-kanban",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.MONEY,
    records=open_deals(part="d.stage_id::text"),
)
