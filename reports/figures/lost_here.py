"""Deals that came into a stage in the last half year and were lost in it: where deals break."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import visits

FIGURE = Figure(
    key="lost_here",
    label=_("Lost in the stage"),
    why=_("Where deals break."),
    icon="door-exit",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.MONEY,
    records=visits(
        part_of="v.entered_at", also="AND v.outcome = 'lost' AND v.left_at <= %(moment)s", minor="v.amount_minor"
    ),
)
