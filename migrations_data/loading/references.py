"""What rows refer to by name: people, clients, products, stages. Each is found once a run, however many rows name it."""

from __future__ import annotations

from collections import defaultdict

from crm.models import Product
from crm.services import references
from migrations_data.loading.clients import Companies, Contacts, Deals, name_key
from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.funnel import Funnel
from migrations_data.loading.resolvers import by_name, of, squeezed, wanted
from migrations_data.loading.staff import People
from migrations_data.models import LOADED, ImportRow

__all__ = [
    "Companies", "Contacts", "Deals", "Funnel", "People", "Products", "by_name", "name_key", "of", "squeezed", "wanted",
]  # fmt: skip


class Products:
    """Products by the key of the old system, where a list of products has told it, or by their name, however it is spaced."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_name: dict[str, list[Product]] = defaultdict(list)
        self.by_key: dict[str, Product] = {}
        listed = {product.pk: product for product in Product.objects.order_by("pk")}
        for product in listed.values():
            self.put(product)
        told = ImportRow.objects.filter(record_type="product", outcome__in=LOADED, values__has_key="key")
        told = told.filter(sheet__file__of_import__origin=context.of.origin).order_by("pk")
        for key, pk in told.values_list("values__key", "record_id"):
            if pk in listed:
                self.by_key[str(key)] = listed[pk]

    def put(self, product: Product, key: str = "") -> None:
        self.by_name[squeezed(product.name)].append(product)
        if key:
            self.by_key[key] = product

    def find(self, text: str) -> Product | None:
        """The product, or None. Raises Rejected when several are called so but for spaces, and none exactly."""
        if text in self.by_key:
            return self.by_key[text]
        found = self.by_name.get(squeezed(text), [])
        exact = [product for product in found if product.name == text]
        if len(found) > 1 and not exact:
            raise Rejected("product_ambiguous", "product", text)
        return (exact or found or [None])[0]  # type: ignore[list-item]

    def find_or_add(self, text: str) -> Product:
        """The same; one that is on no list is added without a price."""
        found = self.find(text)
        context = self.context
        if found is None:
            found = references.product(home=context.home, name=text, currency=context.of.currency)
            references.add_products(by=context.by, at=context.at, drafts=[found])
            self.put(found)
            context.made("product", found.pk)
            context.note("product_made", "product", was=text)
        elif found.name != text and text not in self.by_key:
            context.note("product", "product", was=text, now=found.name)
        return found
