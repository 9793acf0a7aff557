"""Complaints and returns taken down in the month; what an import brought came before."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import complaints

FIGURE = Figure(
    key="complaints_new",
    label=_("Complaints of the month"),
    why=_("What clients complained about or brought back this month."),
    icon="message-2-exclamation",
    noun=Noun.COMPLAINT,
    part=Part.KIND,
    holds=Holds.MONEY,
    records=complaints(also="c.recorded_at >= %(month)s AND c.source <> 'import'"),
)
