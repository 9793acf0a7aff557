"""Reports about deals."""

from __future__ import annotations

from functools import partial

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.lists.deals import DEALS as PAGE
from crm.models import Deal, DealStatus, Source
from reports.builder import dimensions, figures
from reports.builder.expressions import Days
from reports.builder.parts import Date, Figure, Holds, How
from reports.builder.parts import Source as About

CLOSED = Q(status__in=[DealStatus.WON, DealStatus.LOST])

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
        Figure(
            key="weighted_sum", label=_("Weighted sum"), how=How.SUM, holds=Holds.MONEY, field="amount_minor", among=Q(status=DealStatus.OPEN),
            value=lambda asker: F("amount_minor") * F("stage__probability") / 100.0, currency=lambda asker: F("currency"),
            note=_("Open deals, each amount by the probability of its stage."),
        ),
        figures.rate(
            "won_rate", _("Won of those closed"), lambda asker: Q(status=DealStatus.WON), field="status", among=CLOSED,
        ),
        figures.average(
            "days_to_win", _("Days until won"), lambda asker: Days(F("closed_at"), F("opened_at")), field="closed_at",
            holds=Holds.DAYS, among=Q(status=DealStatus.WON),
        ),
    ],
    filters=PAGE.filters_for,
    records={"title": "title", "url": "crm:deal", "whom": "company__name", "person": "owner__full_name"},
    extra_dimensions=partial(dimensions.own, "deal"),
    extra_figures=partial(figures.own, "deal"),
)  # fmt: skip
