"""The products of a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from crm.models import Deal, DealProduct, Product

LARGEST = Decimal(10) ** 9


@dataclass(frozen=True)
class LineSpec:
    """A product in a deal. `price_minor` is of one piece, in minor units of the deal's currency; None: the list price."""

    product: Product
    quantity: Decimal = Decimal(1)
    price_minor: int | None = None


class LineRefused(Refused):
    code = "line_refused"
    field = "lines"


def put_lines(deal: Deal, lines: Sequence[LineSpec], *, currency: str) -> None:
    """Let the deal have exactly these products; list prices count in the deal's `currency`."""
    rows: dict[int, DealProduct] = {}
    for line in lines:
        _check(line)
        if line.product.pk in rows:
            raise LineRefused(_("The same product stands in the deal twice. Put the whole quantity into one line."))
        price = line.price_minor
        if price is None and line.product.currency == currency:
            price = line.product.price_minor
        rows[line.product.pk] = DealProduct(deal=deal, product=line.product, quantity=line.quantity, price_minor=price)
    deal.lines.all().delete()
    DealProduct.objects.bulk_create(rows.values())


def _check(line: Any) -> None:
    if isinstance(line.quantity, float) or isinstance(line.price_minor, float):
        raise TypeError("Quantities and prices take no float")
    if not 0 < line.quantity < LARGEST:
        raise LineRefused(_("Enter a quantity above zero."))
    if line.price_minor is not None and line.price_minor < 0:
        raise LineRefused(_("Enter a price of zero or more."))
