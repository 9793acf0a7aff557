"""Complaints and returns that wait for an answer."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import complaints

FIGURE = Figure(
    key="complaints_open",
    label=_("Open complaints"),
    why=_("These clients wait for an answer."),
    icon="message-report",
    noun=Noun.COMPLAINT,
    part=Part.KIND,
    holds=Holds.MONEY,
    records=complaints(also="c.status = 'open'"),
)
