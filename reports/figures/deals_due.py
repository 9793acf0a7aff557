"""Open deals that are expected to close in the month, by stage, at what their stage makes likely."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import open_deals, then

FIGURE = Figure(
    key="deals_due",
    label=_("Expected this month"),
    why=_("What the funnel should still bring this month: each amount times the probability of its stage."),
    icon="calendar-dollar",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.MONEY,
    records=open_deals(
        part="d.stage_id::text",
        minor="round(d.amount_minor * s.probability / 100.0)::bigint",
        beside=f"JOIN crm_stageperiod s ON s.stage_id = d.stage_id AND {then('s')}",
        also="AND d.expected_close >= %(first)s AND d.expected_close <= %(last)s",
    ),
)
