"""Rows of products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.models import Product
from crm.services import many, references
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.money import currency
from migrations_data.loading.references import Products, of, squeezed
from migrations_data.loading.rows import Row


def identify(context: Context, row: Row) -> tuple[str, bool]:
    if "name" not in row.values:
        raise Rejected("nameless", "name")
    if row.values.get("price", 0) < 0:
        raise Rejected("negative", "price", str(row.values["price"] / 100))
    return squeezed(row.values["name"])[:120], True


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, Product]:
    known = of(context, Products)
    found = {row.pk: known.find(row.values["name"]) for row in rows}
    for row in rows:
        one = found[row.pk]
        if one is not None and "key" in row.values:
            known.by_key[str(row.values["key"])] = one
    locked = Product.objects.select_for_update().in_bulk([one.pk for one in found.values() if one])
    return {pk: locked[one.pk] for pk, one in found.items() if one}


def facts(context: Context, row: Row, fields: Iterable[str]) -> dict[str, Any]:
    found = {name: row.values[name] for name in ("name", "group") if name in fields}
    if "price" in fields:
        found |= {"price_minor": row.values["price"], "currency": currency(context, row)}
    return found


def draft(context: Context, row: Row) -> tuple[Product, str]:
    """A product with its key in the old system, by which rows of deals may name it."""
    made = references.product(home=context.home, **facts(context, row, set(row.values)))
    return made, str(row.values.get("key", ""))


def add(context: Context, drafts: Sequence[tuple[Product, str]]) -> list[int]:
    references.add_products(by=context.by, at=context.at, drafts=[one for one, _key in drafts])
    for one, key in drafts:
        of(context, Products).put(one, key)
    return [one.pk for one, _key in drafts]


def is_blank(product: Product, field: str) -> bool:
    return getattr(product, "price_minor" if field == "price" else field) in ("", None)


def amend(context: Context, product: Product, row: Row, fields: set[str]) -> set[str]:
    return many.amend(product, by=context.by, home=context.home, changes=facts(context, row, fields))


def save(context: Context, products: Sequence[Product], changed: set[str]) -> None:
    many.save(by=context.by, at=context.at, records=products, names=changed)


LOADER = Loader(
    kind="products",
    record_type="product",
    model=Product,
    identify=identify,
    find=find,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    money={"price": "price_minor"},
)
