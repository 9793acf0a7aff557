"""Deals lost in the month, by the competitor who got them."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import lost_deals

FIGURE = Figure(
    key="lost_to",
    label=_("Lost to competitors"),
    why=_("Who got what you lost."),
    icon="swords",
    noun=Noun.DEAL,
    part=Part.COMPETITOR,
    holds=Holds.MONEY,
    records=lost_deals(part="btrim(d.competitor)"),
)
