"""Open deals without a task in the next 30 days: somebody has let go of them. An overdue task is a next step here."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun
from reports.figures.pieces import open_deals, then

FIGURE = Figure(
    key="deals_bare",
    label=_("Deals without a task"),
    why=_("A deal without a next step is a deal nobody is working on."),
    icon="alert-triangle",
    noun=Noun.DEAL,
    holds=Holds.MONEY,
    records=open_deals(
        also=f"AND NOT EXISTS (SELECT FROM crm_taskperiod t WHERE t.deal_id = d.id AND {then('t')} AND t.due_at <= %(next_step_until)s)"
    ),
)
