"""Purchases: what the accounts say was shipped and paid. They come by their own keys, one or a thousand at a time, and come again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.refusals import Refused
from crm.models import Company, CompanySettings, Deal, Purchase, Source
from crm.services.base import KeyTaken, allow, check_fresh, check_names, exact_money, keep_keys, lock, store
from crm.services.many import NEVER, insert
from crm.services.purchase_entries import CompanyUnknown, DealElsewhere, Entry, Named, bookable, check
from crm.services.text import cleaned

FACTS = ("kind", "company", "deal", "product", "number", "day", "amount_minor", "currency")
TEXTS = ("kind", "number", "currency")
BATCH = 1000
STAMPS = {"recorded_at": NEVER, "changed_at": NEVER}
"""Plain values, which the database overwrites: its default as an expression in every row would cost as much as the insert."""
__all__ = ["Entry", "Outcome", "Result", "delete", "draft", "edit", "load", "record", "record_many", "take_back"]


class Outcome(StrEnum):
    """What became of one entry of many."""

    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What became of an entry: the purchase that stands under its key, or why it was refused."""

    outcome: Outcome
    purchase: Purchase | None = None
    refusal: Refused | None = None


@transaction.atomic
def record(*, by: User, at: datetime, entry: Entry, source: str = Source.API) -> Purchase:
    """Write down one shipment or payment; the same key of the same source brings what is there up to date.

    Raises CompanyUnknown, CompanyUnclear, AmountMissing, DayWrong, DealElsewhere, ProductUnknown, KeyTaken.
    """
    (result,) = record_many(by=by, at=at, entries=[entry], source=source)
    if result.purchase is None:
        raise result.refusal or KeyTaken
    return result.purchase


@transaction.atomic
def record_many(*, by: User, at: datetime, entries: Sequence[Entry], source: str = Source.API) -> list[Result]:
    """Write down what the accounts have, as many as there are, in the same few statements; results in the order of the entries.

    An entry whose key is known changes what stands under it, and brings back what was taken back. One that does not fit is refused
    by itself; the others stand.
    """
    allow(by, Permission.PURCHASE_EDIT)
    home = CompanySettings.current()
    named = Named.read(entries, by=by, country=home.country)
    there = _there(by, source, {entry.key for entry in entries if entry.key})
    book = _Book(by, source)
    results = []
    for entry in entries:
        try:
            results.append(book.enter(entry.key, named.facts(entry, at=at, currency=home.currency), there))
        except Refused as refusal:
            results.append(Result(Outcome.REFUSED, refusal=refusal))
    Purchase.objects.bulk_create(book.fresh, batch_size=BATCH)
    Purchase.objects.bulk_update(book.changed, [*FACTS, "deleted_at", "changed_by"], batch_size=BATCH)
    return results


@transaction.atomic
@exact_money
def edit(*, purchase: Purchase, by: User, at: datetime, seen_at: datetime | None = None, **changes: Any) -> Purchase:
    """Put a purchase right. Raises StaleRecord, AmountMissing, DayWrong, CompanyUnknown, DealElsewhere."""
    lock(purchase, by=by, action=Permission.PURCHASE_EDIT)
    check_fresh(purchase, seen_at)
    check_names(by, Purchase, changes, FACTS)
    company, deal = changes.get("company", purchase.company), changes.get("deal", purchase.deal)
    if company != purchase.company and not Company.objects.live().filter(bookable(by), pk=company.pk).exists():
        raise CompanyUnknown
    if (company, deal) != (purchase.company, purchase.deal):
        _check_deal(by, deal, company)
    check(changes.get("day", purchase.day), changes.get("amount_minor", purchase.amount_minor), at)
    texts = cleaned(Purchase, {name: value for name, value in changes.items() if name in TEXTS})
    store(purchase, by=by, changes={**changes, **texts})
    return purchase


@transaction.atomic
def take_back(*, purchase: Purchase, by: User, at: datetime) -> Purchase:
    """Take a purchase out of all figures: the document was cancelled. Sent again under its key, it is there again."""
    lock(purchase, by=by, action=Permission.PURCHASE_EDIT)
    store(purchase, by=by, changes={"deleted_at": at})
    return purchase


delete = take_back


def draft(*, by: User, external_id: str, **facts: Any) -> Purchase:
    """A purchase out of a table, to be loaded; `facts` are columns whose values were checked."""
    return Purchase(source=Source.IMPORT, external_id=external_id, created_by=by, changed_by=by, **STAMPS, **facts)


@transaction.atomic
def load(*, by: User, at: datetime, drafts: Sequence[Purchase]) -> None:
    """Insert drafts, as many as there are; they have their keys then."""
    allow(by, Permission.IMPORT_RUN)
    insert(drafts)


class _Book:
    """What a list of entries comes to, before it is written: rows to insert and rows to update."""

    def __init__(self, by: User, source: str) -> None:
        self.by, self.source = by, source
        self.fresh: list[Purchase] = []
        self._changed: dict[int, Purchase] = {}

    @property
    def changed(self) -> Collection[Purchase]:
        return self._changed.values()

    def enter(self, key: str, facts: dict[str, Any], there: dict[str, Purchase | Refused]) -> Result:
        """Set one entry down, on what stands under its key in `there`, if anything. Raises KeyTaken."""
        found = there.get(key)
        if isinstance(found, Refused):
            raise found
        if found is None:
            found = Purchase(
                source=self.source, external_id=key, created_by=self.by, changed_by=self.by, **STAMPS, **facts
            )
            self.fresh.append(found)
            if key:
                there[key] = found
            return Result(Outcome.CREATED, found)
        if not _differs(found, {**facts, "deleted_at": None}):
            return Result(Outcome.SAME, found)
        found.changed_by = self.by
        if found.pk:
            self._changed[found.pk] = found
        return Result(Outcome.CHANGED, found)


def _there(by: User, source: str, keys: Collection[str]) -> dict[str, Purchase | Refused]:
    """What stands under these keys already, locked; KeyTaken where it is beyond reach. Nobody else enters by key meanwhile."""
    if not keys:
        return {}
    keep_keys(Purchase)
    rows = Purchase._base_manager.select_for_update(no_key=True).filter(source=source, external_id__in=keys)
    reached = Purchase._base_manager.filter(scope(by, Permission.PURCHASE_EDIT), pk=OuterRef("pk"))
    found = rows.annotate(reached=Exists(reached)).order_by("pk")
    return {row.external_id: row if row.reached else KeyTaken() for row in found}


def _differs(purchase: Purchase, wanted: dict[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    differing = {name: value for name, value in wanted.items() if getattr(purchase, name) != value}
    for name, value in differing.items():
        setattr(purchase, name, value)
    return bool(differing)


def _check_deal(by: User, deal: Deal | None, company: Company) -> None:
    if deal is not None and not Deal.objects.visible_to(by).filter(pk=deal.pk, company=company).exists():
        raise DealElsewhere
