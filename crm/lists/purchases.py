"""The list of purchases: what was shipped and paid, as the accounts have it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.links import url
from crm.lists.business import amount, client, searching
from crm.lists.filters import Asker, Label, Rows, choice, choices, toggle
from crm.lists.pages import Column, ListPage, View, register
from crm.models import Purchase, PurchaseKind

FIELDS = ("id", "kind", "day", "number", "amount_minor", "currency", "company__name", "product__name")
PERIODS: dict[str, Label] = {
    "30": _("Last 30 days"),
    "90": _("Last 90 days"),
    "365": _("Last 12 months"),
    "year": _("This year"),
    "before": _("Last year"),
}


def read(rows: Rows, asker: Asker) -> Rows:
    return rows.values(*FIELDS)


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {
        "id": row["id"],
        "url": url("crm:purchase", row["id"]),
        "company": row["company__name"],
        "kind": PurchaseKind(row["kind"]).label,
        "icon": "truck-delivery" if row["kind"] == PurchaseKind.SHIPMENT else "cash",
        "day": formats.day(row["day"], timezone.localdate(asker.at)),
        "number": row["number"],
        "product": row["product__name"] or "",
        "amount": formats.money(row["amount_minor"], row["currency"]),
        "back": row["amount_minor"] < 0,
    }


def _within(rows: Rows, value: str, asker: Asker) -> Rows:
    today = timezone.localdate(asker.at)
    if value == "year":
        return rows.filter(day__gte=date(today.year, 1, 1))
    if value == "before":
        return rows.filter(day__gte=date(today.year - 1, 1, 1), day__lt=date(today.year, 1, 1))
    return rows.filter(day__gt=today - timedelta(days=int(value)))


PURCHASES = register(
    ListPage(
        noun="purchases",
        model=Purchase,
        permission=Permission.PURCHASE_VIEW,
        url_name="crm:purchase-list",
        title=_("Purchases"),
        columns=[
            Column(key="company", label=_("Client"), plain=lambda row, asker: row["company__name"]),
            Column(key="day", label=_("Day"), sort="day", descending=True, plain=lambda row, asker: row["day"]),
            Column(key="kind", label=_("Kind"), classes="is-secondary", plain=lambda row, asker: str(PurchaseKind(row["kind"]).label)),
            Column(key="number", label=_("Document"), classes="is-secondary", plain=lambda row, asker: row["number"]),
            Column(key="product", label=_("Product"), classes="is-tertiary", plain=lambda row, asker: row["product__name"]),
            Column(key="amount", label=_("Amount"), field="amount_minor", classes="u-num", money=True, plain=amount),
        ],
        filters=[
            choice("period", _("Period"), list(PERIODS.items()), _within, field="day"),
            choices("kind", _("Kind"), PurchaseKind.choices, quick=True),
            client(),
            toggle("back", _("Went back"), lambda rows, asker: rows.filter(amount_minor__lt=0), field="amount_minor", icon="receipt-refund"),
        ],
        views=[
            View(_("All")),
            View(_("Last 30 days"), "period=30"),
            View(_("Shipments"), "kind=shipment"),
            View(_("Payments"), "kind=payment"),
            View(_("Went back"), "back=1"),
        ],
        read=read,
        show=show,
        counted=lambda n: ngettext("%(n)s purchase", "%(n)s purchases", n) % {"n": formats.number(n)},
        row_template="crm/purchases/_row.html",
        sort="day",
        search=searching("number__istartswith"),
        search_label=_("Client or document"),
        empty={
            "icon": "truck-delivery",
            "title": _("No purchases yet."),
            "text": _("They come from your accounts: bring in a table, or let the program send them over the API."),
        },
        template="crm/purchases/list.html",
    )
)  # fmt: skip
