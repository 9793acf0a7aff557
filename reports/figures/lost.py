"""Deals lost in the month, by reason."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import lost_deals

FIGURE = Figure(
    key="lost",
    label=_("Lost this month"),
    why=_("Why clients said no, in the words of your own list."),
    icon="mood-sad",
    noun=Noun.DEAL,
    part=Part.REASON,
    holds=Holds.MONEY,
    records=lost_deals(part="COALESCE(d.loss_reason_id::text, '')"),
)
