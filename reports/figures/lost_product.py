"""Deals lost in the month, by what could have been sold: a deal of several products stands under each of them."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Holds, Noun, Part
from reports.figures.pieces import lost_deals, then

FIGURE = Figure(
    key="lost_product",
    label=_("What could have been sold"),
    why=_("The products of the deals that were lost."),
    icon="package-off",
    noun=Noun.DEAL,
    part=Part.PRODUCT,
    holds=Holds.MONEY,
    records=lost_deals(
        part="l.product_id::text",
        beside=f"JOIN crm_dealproductperiod l ON l.deal_id = d.id AND {then('l')}",
    ),
)
