"""What an import brought in, taken back by the thousand: only what nobody has touched since.

Records go as a person's delete takes them, and give up the key of their source, so that the same table can be loaded again as if
for the first time. Whoever undoes needs `IMPORT_RUN`, as for the import itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from accounts.permissions import Permission
from crm import custom
from crm import keys as key_columns
from crm.models import Company, CompanySettings, Contact, ContactEmail, ContactPhone, Deal, DealProduct, Product
from crm.models.base import Recorded
from crm.services.base import allow
from crm.services.companies import fold_again
from crm.touched import DELETED, MODELS, compared, plain, reasons, same

BATCH = 1000
CHANNELS: dict[str, tuple[Any, str]] = {"phone": (ContactPhone, "number"), "email": (ContactEmail, "address")}
BESIDE = frozenset({*CHANNELS, "product"})
"""What is kept of a record beside its own columns."""


@dataclass(frozen=True)
class Line:
    """A change to take back: `before` and `after` have the fields of a record as `crm.touched.plain` says them.

    Columns go by their name in the table, own fields by "custom.<key>"; of contacts "phone" and "email" are lists of numbers and
    addresses, of deals "product" is a list of products, each with its quantity and price.
    """

    record: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@transaction.atomic
def take_out(
    *, noun: str, keys: Collection[int], by: User, at: datetime, left: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[int, str]:
    """Delete these records in a fixed number of statements; the reasons of those that stay, by key (see `crm.touched.reasons`)."""
    allow(by, Permission.IMPORT_RUN)
    rows = MODELS[noun]._base_manager
    # Whoever is adding something to one of them has a share of this lock: what he adds is there before we look.
    there = list(rows.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    stay = reasons(noun, there, left=left)
    gone = [key for key in there if key not in stay]
    rows.filter(pk__in=gone).update(deleted_at=at, external_id="", changed_by=by)
    return stay


@transaction.atomic
def give_back(*, noun: str, lines: Sequence[Line], by: User, at: datetime) -> list[list[str]]:
    """Let records say again what they said before, the latest change first: field by field, where they still say what the import
    left. The fields of each line that stay, in the order of the lines; `crm.touched.DELETED` alone when the record is gone."""
    allow(by, Permission.IMPORT_RUN)
    rows = MODELS[noun]._base_manager.select_for_update(no_key=True, of=("self",))
    wanted = {line.record for line in lines}
    there = {one.pk: one for one in rows.filter(pk__in=wanted, deleted_at__isnull=True).order_by("pk")}
    names = {pk: getattr(one, "name", "") for pk, one in there.items()}
    work = _Return(noun, _missing(MODELS[noun], lines))
    kept = [work.take(there[line.record], line) if line.record in there else [DELETED] for line in lines]
    work.write(by)
    for record in there.values():
        if isinstance(record, Company) and record.name != names[record.pk]:
            fold_again(record)
    return kept


class _Return:
    """What a list of lines comes to, before it is written."""

    def __init__(self, noun: str, missing: Mapping[str, set[int]]) -> None:
        self.noun, self.missing = noun, missing
        self.columns = {name: MODELS[noun]._meta.get_field(name) for name in (*compared(noun), "source", "external_id")}
        self.changed: dict[int, Any] = {}
        self.names: set[str] = set()
        self.lists: list[tuple[Any, str, Line]] = []

    def take(self, record: Any, line: Line) -> list[str]:
        """Set back what still is as the import left it; the names of the rest."""
        stay = []
        for name in sorted(line.before.keys() | line.after.keys()):
            if name in BESIDE and name not in self.columns:  # a company has one phone and one e-mail, in columns
                self.lists.append((record, name, line))
            elif name.startswith(custom.PREFIX):
                returned = self._own(record, name, line)
                stay += [] if returned else [name]
            elif name in self.columns and not self._set(record, name, line.before.get(name), line.after.get(name)):
                stay.append(name)
        return stay

    def _set(self, record: Any, column: str, before: Any, after: Any) -> bool:
        if not same(after, getattr(record, column)) or before in self.missing.get(column, ()):
            return False
        value = self.columns[column].to_python(before)
        if value != getattr(record, column):
            setattr(record, column, value)
            self._note(record, column)
        return True

    def _own(self, record: Any, name: str, line: Line) -> bool:
        """An own field; one that had nothing before has nothing again."""
        key, before = custom.key_of(name), line.before.get(name)
        if plain(record.custom.get(key)) != line.after.get(name):
            return False
        others = {one: value for one, value in record.custom.items() if one != key}
        record.custom = others if before is None else {**others, key: before}
        self._note(record, "custom")
        return True

    def _note(self, record: Any, column: str) -> None:
        self.changed[record.pk] = record
        self.names.add(self.columns[column].name)

    def write(self, by: User) -> None:
        """Store it all, with what follows from it."""
        for record, name, line in self.lists:
            if name == "product":
                _put_products(record, line)
            else:
                _take_channels(record, name, line)
            self.changed[record.pk] = record
        if not self.changed:
            return
        derived = _derive(self.noun, list(self.changed.values()))
        for record in self.changed.values():
            record.changed_by = by
        names = sorted({*self.names, *derived, "changed_by"})
        MODELS[self.noun]._base_manager.bulk_update(self.changed.values(), names, batch_size=BATCH)


def _missing(model: Any, lines: Iterable[Line]) -> dict[str, set[int]]:
    """By column, the records that `before` names and that cannot be named any more: deleted, or people who left."""
    named: dict[str, set[int]] = defaultdict(set)
    for field in model._meta.concrete_fields:
        if field.is_relation:
            for line in lines:
                value = line.before.get(field.attname)
                if value is not None:
                    named[field.attname].add(value)
    missing = {}
    for column, ids in named.items():
        to: type[Model] = model._meta.get_field(column.removesuffix("_id")).related_model
        rows = to._base_manager.filter(pk__in=ids)
        if issubclass(to, User):
            rows = rows.filter(is_active=True)
        if issubclass(to, Recorded):
            rows = rows.filter(deleted_at__isnull=True)
        missing[column] = ids - set(rows.values_list("pk", flat=True))
    return missing


def _take_channels(record: Contact, name: str, line: Line) -> None:
    """Take away the phones or e-mails that the import added."""
    model, column = CHANNELS[name]
    added = set(line.after.get(name) or ()) - set(line.before.get(name) or ())
    model._base_manager.filter(contact=record, **{f"{column}__in": added}).delete()


def _put_products(record: Deal, line: Line) -> None:
    """Let a deal have the products of before, unless somebody has put others there."""
    there = record.lines.order_by("product").values_list("product", "quantity", "price_minor")
    if plain(list(there)) != (line.after.get("product") or []):
        return
    before = line.before.get("product") or []
    known = set(Product.objects.filter(pk__in=[one[0] for one in before]).values_list("pk", flat=True))
    record.lines.all().delete()
    DealProduct.objects.bulk_create(
        DealProduct(deal=record, product_id=product, quantity=Decimal(quantity), price_minor=price)
        for product, quantity, price in before
        if product in known
    )


def _derive(noun: str, records: Sequence[Any]) -> set[str]:
    """Fill in the columns that follow from others; which they are."""
    found: dict[str, Any] = {}
    country = CompanySettings.current().country if noun == "company" else ""
    at = _companies(records) if noun in ("contact", "deal") else {}
    mails: dict[int, list[str]] = defaultdict(list)
    if noun == "contact":
        rows = ContactEmail.objects.filter(contact__in=[one.pk for one in records])
        for contact, address in rows.values_list("contact", "address"):
            mails[contact].append(address)
    for record in records:
        if noun == "company":
            found = key_columns.company_keys(record, country)
        elif noun == "contact":
            found = dict(key_columns.contact_keys(record, mails[record.pk], at.get(record.company_id, "")))
        elif noun == "deal":
            found = dict(key_columns.deal_keys(record, at.get(record.company_id, "")))
        for name, value in found.items():
            setattr(record, name, value)
    return set(found)


def _companies(records: Sequence[Any]) -> dict[int | None, str]:
    ids = {one.company_id for one in records if one.company_id}
    return dict(Company._base_manager.filter(pk__in=ids).values_list("pk", "name"))
