"""Deals that came into a stage in the last half year and moved on from it, or were won."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import visits

FIGURE = Figure(
    key="moved_on",
    label=_("Moved on"),
    why=_("What each stage handed on."),
    icon="logout",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.MONEY,
    records=visits(
        part_of="v.entered_at",
        also="AND v.outcome IN ('on', 'won') AND v.left_at <= %(moment)s",
        minor="v.amount_minor",
    ),
)
