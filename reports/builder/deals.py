"""Reports about deals."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from crm.lists import Asker
from crm.lists.deals import DEALS as PAGE
from crm.models import Deal, DealStatus, Source
from reports.builder import dimensions, expressions, figures
from reports.builder.parts import Date, Figure, Holds, How, Shown, column
from reports.builder.parts import Source as About

CLOSED = Q(status__in=[DealStatus.WON, DealStatus.LOST])
WON, LOST = Q(status=DealStatus.WON), Q(status=DealStatus.LOST)
MONEY: dict[str, Any] = {
    "how": How.SUM, "holds": Holds.MONEY, "field": "amount_minor", "value": column("amount_minor"), "currency": column("currency"),
}  # fmt: skip


def _weighted(asker: Asker) -> Any:
    """The amount by the probability of the stage; exact, in hundredths of the minor unit."""
    return ExpressionWrapper(F("amount_minor") * F("stage__probability") / Value(Decimal(100)), expressions.NUMBER)


DEALS = About(
    key="deals",
    label=_("Deals"),
    model=Deal,
    icon="currency-euro",
    rows=lambda user: Deal.objects.visible_to(user),
    dates=[
        Date(key="opened", label=_("Opened"), column="opened_at", field="opened_at"),
        Date(key="closed", label=_("Closed"), column="closed_at", field="closed_at"),
        Date(key="expected", label=_("Expected close"), column="expected_close", field="expected_close", is_instant=False, ahead=True),
        Date(key="stage", label=_("In the stage since"), column="stage_since", field="stage_since"),
    ],
    dimensions=[
        dimensions.person("owner", _("Owner"), "owner"),
        dimensions.team_of("owner"),
        dimensions.stage(),
        dimensions.pipeline("stage__pipeline"),
        dimensions.choice("status", _("Status"), "status", DealStatus.choices),
        dimensions.reason("loss_reason"),
        dimensions.words("competitor", _("Competitor"), "competitor"),
        *dimensions.products(),
        dimensions.tags(Deal, "deal"),
        *dimensions.client(),
        dimensions.choice("source", _("Source"), "source", Source.choices),
        dimensions.person("created_by", _("Added by"), "created_by"),
        dimensions.words("currency", _("Currency"), "currency"),
    ],
    figures=[
        figures.count(_("Deals")),
        *figures.money("amount", "amount_minor", total=_("Sum of amounts"), average=_("Average amount")),
        Figure(key="won_sum", label=_("Won, sum of amounts"), among=WON, by="closed", **MONEY),
        Figure(key="won", label=_("Number won"), among=WON, by="closed", field="status"),
        Figure(key="lost_sum", label=_("Lost, sum of amounts"), among=LOST, by="closed", **MONEY),
        Figure(
            key="weighted_sum", label=_("Weighted sum"), how=How.SUM, holds=Holds.MONEY, field="amount_minor", among=Q(status=DealStatus.OPEN),
            value=_weighted,
            currency=lambda asker: F("currency"),
            note=_("Open deals, each amount by the probability of its stage."),
        ),
        figures.rate(
            "won_rate", _("Won of those closed"), lambda asker: Q(status=DealStatus.WON), field="status", among=CLOSED, by="closed",
        ),
        figures.average(
            "days_to_win", _("Days until won"), figures.days_between("opened_at", "closed_at"), field="closed_at",
            holds=Holds.DAYS, among=WON, by="closed",
        ),
    ],
    filters=PAGE.filters_for,
    shown=Shown(
        heading=_("Deal"), title="title", whom="company__name", person="owner__full_name", leads=[("crm:deal", lambda asker: F("pk"))],
    ),
    extra_dimensions=partial(dimensions.own, "deal"),
    extra_figures=partial(figures.own, "deal"),
)  # fmt: skip
