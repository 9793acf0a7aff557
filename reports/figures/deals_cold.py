"""Open deals that stay in one stage for longer than it allows."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import open_deals

FIGURE = Figure(
    key="deals_cold",
    label=_("Cold deals"),
    why=_("They stand still for longer than their stage allows."),
    icon="snowflake",
    noun=Noun.DEAL,
    holds=Holds.MONEY,
    records=open_deals(
        beside="JOIN crm_stage s ON s.id = d.stage_id",
        also="AND d.stage_since <= %(moment)s - (s.cold_after_days + 1) * interval '1 day'",
    ),
)
