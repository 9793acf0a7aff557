"""Deals that came into a stage in the last half year, each once a stage."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import then, visits

FIGURE = Figure(
    key="entered_stage",
    label=_("Came into the stage"),
    why=_("How many deals each stage has seen in the last half year."),
    icon="login",
    noun=Noun.DEAL,
    part=Part.STAGE,
    holds=Holds.MONEY,
    records=visits(
        part_of="v.entered_at",
        also="AND NOT (v.outcome = 'gone' AND v.left_at <= %(moment)s)",
        currency="CASE WHEN v.left_at <= %(moment)s THEN v.currency ELSE COALESCE(d.currency, v.currency) END",
        minor="CASE WHEN v.left_at <= %(moment)s THEN v.amount_minor ELSE d.amount_minor END",
        beside=f"LEFT JOIN crm_deal_timeline d ON d.id = v.deal_id AND {then('d')}",
    ),
)
