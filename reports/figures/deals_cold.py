"""Open deals that stay in one stage for longer than it allows."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import open_deals, then

FIGURE = Figure(
    key="deals_cold",
    label=_("Cold deals"),
    why=_("They stand still for longer than their stage allows."),
    icon="snowflake",
    noun=Noun.DEAL,
    holds=Holds.MONEY,
    records=open_deals(
        beside=f"JOIN crm_stageperiod s ON s.stage_id = d.stage_id AND {then('s')}",
        also="AND d.stage_since <= %(moment)s - (s.cold_after_days + 1) * interval '1 day'",
    ),
)
