"""Rows of purchases: what was shipped and paid, out of the accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from crm import tax
from crm.folding import fold
from crm.models import Company, Purchase, PurchaseKind, Source
from crm.services import many, purchases
from crm.services.purchase_entries import check
from crm.services.text import cleaned
from migrations_data.loading import persons
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.money import currency
from migrations_data.loading.references import Companies, Contacts, Products, of, wanted
from migrations_data.loading.rows import Row
from migrations_data.understanding.words import PAID

COLUMNS = {"amount": "amount_minor", "product": "product_id", "company": "company_id"}
"""Fields of the table whose columns here are called otherwise."""


class Taxes:
    """Companies by their tax number. Looked up by the chunk."""

    def __init__(self, context: Context) -> None:
        self.country = context.home.country
        self.by_tax: dict[str, list[Company]] = defaultdict(list)
        self.asked: set[str] = set()

    def look_up(self, texts: Iterable[str]) -> None:
        """Find out about all these at once."""
        new = {tax.key(text, self.country) for text in texts} - self.asked - {""}
        self.asked |= new
        for company in Company.objects.live().filter(tax_key__in=new).order_by("pk") if new else ():
            self.by_tax[company.tax_key].append(company)

    def find(self, text: str) -> Company | None:
        """The company with this number, or None. Raises Rejected when two have it."""
        found = self.by_tax.get(tax.key(text, self.country), [])
        if len(found) > 1:
            raise Rejected("company_ambiguous", "tax_number", text)
        return found[0] if found else None


def identify(context: Context, row: Row) -> tuple[str, bool]:
    """By the accounts' key of the document; else by what its line says, the second line that says the same being another one."""
    said = row.values
    for name in ("amount", "day"):
        if name not in said:
            raise Rejected("nothing", name)
    kind = kind_of(said.get("kind", ""))
    if "key" in said:
        return context.key(f"{kind}:{said['key']}"), True
    told = "|".join(str(said.get(name, "")) for name in ("number", "company", "tax_number", "product", "day"))
    return context.nth(context.key(f"{kind}:{told}")), False


def kind_of(text: str) -> str:
    """What a word of the column says: a payment, or else a shipment."""
    words = fold(text).split()
    return PurchaseKind.PAYMENT if any(word.startswith(PAID) for word in words) else PurchaseKind.SHIPMENT


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, Purchase]:
    locked = Purchase._base_manager.select_for_update(of=("self",))
    by_key = {
        one.external_id: one for one in locked.filter(source=Source.IMPORT, external_id__in=[row.key for row in rows])
    }
    return {row.pk: by_key[row.key] for row in rows if row.key in by_key}


def prepare(context: Context, rows: Sequence[Row]) -> None:
    companies = of(context, Companies)
    companies.look_up(wanted(rows, "company"))
    of(context, Contacts).look_up(companies.unknown(wanted(rows, "company")) | wanted(rows, "contact"))
    of(context, Taxes).look_up(wanted(rows, "tax_number"))
    persons.make_clients(context, rows)


def facts(context: Context, row: Row, fields: Iterable[str]) -> dict[str, Any]:
    """The columns of a purchase that these fields of a row fill. Raises Refused."""
    said, asked = row.values, set(fields)
    check(date.fromisoformat(said["day"]), said["amount"], context.at)
    found: dict[str, Any] = {name: said[name] for name in ("number",) if name in asked}
    found = cleaned(Purchase, found)
    if "currency" in asked:
        found["currency"] = currency(context, row)
    if {"company", "tax_number", "contact"} & asked:
        found["company_id"] = _company(context, said).pk
    if "day" in asked:
        found["day"] = date.fromisoformat(said["day"])
    if "amount" in asked:
        found["amount_minor"] = said["amount"]
    if "kind" in asked:
        found["kind"] = kind_of(said["kind"])
    if "product" in asked:
        found["product_id"] = of(context, Products).find_or_add(said["product"]).pk
    return found


def _company(context: Context, said: Mapping[str, Any]) -> Company:
    """The client, by his tax number where the table has one, else by key or name, else the person's company. One that is on no list
    is no client yet."""
    number, name = said.get("tax_number", ""), said.get("company", "")
    found = of(context, Taxes).find(number) if number else None
    found = found or (of(context, Companies).find(name) if name else None)
    if found is None:
        person = of(context, Contacts).find(name or said.get("contact", ""))
        found = person.company if person is not None else None
    if found is None:
        field = "company" if name else "contact" if "contact" in said else "tax_number"
        raise Rejected("company_unknown", field, name or said.get("contact", "") or number)
    return found


def draft(context: Context, row: Row) -> Purchase:
    usual = {"kind": PurchaseKind.SHIPMENT, "currency": context.of.currency}
    asked = {*row.values, "company"}
    return purchases.draft(by=context.by, external_id=row.key, **{**usual, **facts(context, row, asked)})


def add(context: Context, drafts: Sequence[Purchase]) -> list[int]:
    purchases.load(by=context.by, at=context.at, drafts=drafts)
    return [one.pk for one in drafts]


def is_blank(purchase: Purchase, field: str) -> bool:
    return getattr(purchase, COLUMNS.get(field, field), 0) in ("", None)


def amend(context: Context, purchase: Purchase, row: Row, fields: set[str]) -> set[str]:
    changes = facts(context, row, fields)
    changed = {name: value for name, value in changes.items() if getattr(purchase, name) != value}
    if not changed:
        return set()
    for name, value in changed.items():
        setattr(purchase, name, value)
    purchase.changed_by = context.by
    return {name.removesuffix("_id") for name in changed} | {"changed_by"}


def save(context: Context, records: Sequence[Purchase], changed: set[str]) -> None:
    many.save(by=context.by, at=context.at, records=records, names=changed)


LOADER = Loader(
    kind="purchases",
    record_type="purchase",
    model=Purchase,
    identify=identify,
    find=find,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    money={"amount": "amount_minor"},
    prepare=prepare,
)
