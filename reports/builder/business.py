"""Reports about purchases, and about complaints and returns."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.lists.complaints import COMPLAINTS as COMPLAINT_PAGE
from crm.lists.purchases import PURCHASES as PURCHASE_PAGE
from crm.models import Company, Complaint, ComplaintKind, ComplaintStatus, Product, Purchase, PurchaseKind
from reports.builder import dimensions, figures
from reports.builder.parts import Date, Dimension, Holds, Shown, Source


def _product() -> list[Dimension]:
    return [
        dimensions.record("product", _("Product"), "product", Product, icon="package"),
        dimensions.words("product_group", _("Product group"), "product__group", field="product", icon="package"),
    ]


PURCHASES = Source(
    key="purchases",
    label=_("Purchases"),
    model=Purchase,
    icon="truck-delivery",
    rows=lambda user: Purchase.objects.visible_to(user),
    dates=[
        Date(key="day", label=_("Day"), column="day", field="day", is_instant=False),
        Date(key="recorded", label=_("Added"), column="recorded_at", field="recorded_at"),
    ],
    dimensions=[
        dimensions.choice("kind", _("Kind"), "kind", PurchaseKind.choices),
        *dimensions.client(),
        dimensions.person("owner", _("Who looks after the client"), "company__owner", of=Company, field="owner"),
        dimensions.team_of("company__owner", of=Company, field="owner"),
        *_product(),
        dimensions.words("currency", _("Currency"), "currency"),
    ],
    figures=[
        *figures.money("amount", "amount_minor", total=_("Sum of purchases"), average=_("Average purchase")),
        figures.count(_("Purchases")),
        figures.rate("back_rate", _("Went back"), lambda asker: Q(amount_minor__lt=0), field="amount_minor"),
    ],
    filters=PURCHASE_PAGE.filters_for,
    shown=Shown(
        heading=_("Document"), title="number", whom="company__name", person="company__owner__full_name",
        leads=[("crm:purchase", lambda asker: F("pk"))],
    ),
)  # fmt: skip

COMPLAINTS = Source(
    key="complaints",
    label=_("Complaints and returns"),
    model=Complaint,
    icon="message-report",
    rows=lambda user: Complaint.objects.visible_to(user),
    dates=[
        Date(key="recorded", label=_("Taken down"), column="recorded_at", field="recorded_at"),
        Date(key="due", label=_("Answer by"), column="due_at", field="due_at", ahead=True),
        Date(key="closed", label=_("Answered"), column="closed_at", field="closed_at"),
    ],
    dimensions=[
        dimensions.choice("kind", _("Kind"), "kind", ComplaintKind.choices),
        dimensions.choice("status", _("State"), "status", ComplaintStatus.choices),
        dimensions.person("owner", _("Who looks after it"), "owner"),
        dimensions.team_of("owner"),
        *dimensions.client(),
        *_product(),
    ],
    figures=[
        figures.count(_("Complaints and returns")),
        *figures.money("amount", "amount_minor", total=_("Sum of amounts"), average=_("Average amount")),
        figures.average(
            "days_to_answer", _("Days until answered"), figures.days_between("recorded_at", "closed_at"), field="closed_at",
            holds=Holds.DAYS, among=Q(closed_at__isnull=False),
        ),
        figures.rate(
            "in_time_rate", _("Answered in time"), lambda asker: Q(closed_at__lte=F("due_at")), field="closed_at",
            among=Q(closed_at__isnull=False),
        ),
    ],
    filters=COMPLAINT_PAGE.filters_for,
    shown=Shown(
        heading=_("Complaint"), title="subject", whom="company__name", person="owner__full_name",
        leads=[("crm:complaint", lambda asker: F("pk"))],
    ),
)  # fmt: skip
