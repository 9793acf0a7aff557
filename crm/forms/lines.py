"""The products of a deal: a row for each, and some empty ones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.forms.fields import AmountField, major, minor
from crm.forms.records import EditForm
from crm.models import Deal, Product
from crm.services.deals import LineSpec

EMPTY_ROWS = 3
MOST_ROWS = 200


class LinesForm(EditForm):
    """Fields product_0, quantity_0, price_0 and so on; a row without a product is left out."""

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, record=deal, **kwargs)
        self.currency = deal.currency
        there = list(deal.lines.order_by("pk"))
        offered = Product.objects.filter(Q(is_active=True) | Q(pk__in=[line.product_id for line in there]))
        choices = [("", "–"), *((str(pk), name) for pk, name in offered.values_list("pk", "name"))]
        self.count = self._sent() if self.is_bound else len(there) + EMPTY_ROWS
        for n in range(self.count):
            line = there[n] if n < len(there) else None
            self.fields[f"product_{n}"] = forms.TypedChoiceField(
                label=_("Product"), choices=choices, required=False, coerce=int, empty_value=None,
                initial=line.product_id if line else None,
            )  # fmt: skip
            self.fields[f"quantity_{n}"] = forms.DecimalField(
                label=_("Quantity"), required=False, min_value=Decimal("0.001"), max_digits=12, decimal_places=3, localize=False,
                initial=line.quantity.normalize() if line else Decimal(1),
            )  # fmt: skip
            self.fields[f"price_{n}"] = AmountField(
                label=_("Price"), initial=major(line.price_minor, self.currency) if line else None
            )

        self.show({}, lists=["lines"])

    def _sent(self) -> int:
        """How many rows were sent, whatever the deal has now."""
        return next((n for n in range(MOST_ROWS) if f"product_{n}" not in self.data), MOST_ROWS)

    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The three fields of each row, for the template."""
        for n in range(self.count):
            yield self[f"product_{n}"], self[f"quantity_{n}"], self[f"price_{n}"]

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        wanted = [n for n in range(self.count) if values.get(f"product_{n}")]
        products = Product.objects.in_bulk([values[f"product_{n}"] for n in wanted])
        lines = [
            LineSpec(
                product=products[values[f"product_{n}"]],
                quantity=values[f"quantity_{n}"] or Decimal(1),
                price_minor=minor(values[f"price_{n}"], self.currency),
            )
            for n in wanted
        ]
        return {"lines": lines}
