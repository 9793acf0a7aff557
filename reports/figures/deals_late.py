"""Open deals whose next step is overdue: a task of theirs is past its due time."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import open_deals, then

FIGURE = Figure(
    key="deals_late",
    label=_("Deals with an overdue step"),
    why=_("What was promised to these clients is late."),
    icon="alarm",
    noun=Noun.DEAL,
    holds=Holds.MONEY,
    records=open_deals(
        also=f"AND EXISTS (SELECT FROM crm_taskperiod t WHERE t.deal_id = d.id AND {then('t')} AND t.due_at < %(moment)s)"
    ),
)
