"""How long deals stood in the stages that they left in the last half year; where nobody knows since when, they are left out."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import visits

FIGURE = Figure(
    key="stage_days",
    label=_("Days in the stage"),
    why=_("How long a deal stands in each stage before it leaves it."),
    icon="clock-hour-4",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.HUNDREDTHS,
    records=visits(
        part_of="v.left_at",
        also="AND v.left_at <= %(moment)s AND v.outcome <> 'gone' AND v.known",
        currency="''",
        minor="round(extract(epoch FROM v.left_at - v.entered_at) / 864)::bigint",
    ),
)
