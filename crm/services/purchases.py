"""Purchases: what the accounts say was shipped and paid. They come by their own keys, one or a thousand at a time, and come again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.refusals import Refused
from crm import tax
from crm.models import Company, CompanySettings, Deal, Product, Purchase, Source
from crm.services.base import KeyTaken, allow, check_fresh, check_names, exact_money, keep_keys, lock, store
from crm.services.text import cleaned

FACTS = ("kind", "company", "deal", "product", "number", "day", "amount_minor", "currency")
PLAIN = ("kind", "number", "currency")
FIRST_YEAR, LAST_YEAR = 1900, 2199
BIGGEST = models.BigIntegerField.MAX_BIGINT
BATCH = 1000


class CompanyUnknown(Refused):
    """No client fits what the accounts call him."""

    code = "company_unknown"
    field = "company"
    message = _("No client of yours has this number, key or tax number. Add the client first, then send this again.")


class CompanyUnclear(Refused):
    """Two clients fit."""

    code = "company_unclear"
    field = "company"
    message = _("Several clients have this tax number. Send the client's number here, or merge the two.")


class DealElsewhere(Refused):
    """A deal of another client, or one that nobody may know of."""

    code = "deal_elsewhere"
    field = "deal"
    message = _("This deal is not one of this client's. Name another one, or none.")


class AmountMissing(Refused):
    """A purchase is a sum of money."""

    code = "amount_missing"
    field = "amount_minor"
    message = _("Enter an amount other than zero; one that goes back is below zero.")


class DayWrong(Refused):
    """A day that no purchase was on."""

    code = "day_wrong"
    field = "day"
    message = _("Check this day: what was bought lies behind, in a year that makes sense.")


class Outcome(StrEnum):
    """What became of one entry of many."""

    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the accounts. The client by what they have of him: his number here, their own key of him, his tax number.

    `key` is their key of the document; `amount_minor` is in minor units, below zero for what goes back.
    """

    key: str
    kind: str
    day: date
    amount_minor: int
    company: int | None = None
    company_key: str = ""
    tax_number: str = ""
    currency: str = ""
    number: str = ""
    deal: Deal | None = None
    product: Product | None = None


@dataclass(frozen=True)
class Result:
    """What became of an entry: the purchase that stands under its key, or why it was refused."""

    outcome: Outcome
    purchase: Purchase | None = None
    refusal: Refused | None = None


@dataclass
class _Clients:
    """The clients that the entries name, by each of the ways to name them; all of them read at once."""

    country: str
    by_pk: dict[int, Company] = field(default_factory=dict)
    by_key: dict[str, list[Company]] = field(default_factory=dict)
    by_tax: dict[str, list[Company]] = field(default_factory=dict)

    def of(self, entry: Entry) -> Company:
        if entry.company is not None:
            found = [one for one in (self.by_pk.get(entry.company),) if one]
        elif entry.company_key:
            found = self.by_key.get(entry.company_key, [])
        else:
            found = self.by_tax.get(tax.key(entry.tax_number, self.country), []) if entry.tax_number else []
        if not found:
            raise CompanyUnknown
        if len(found) > 1:
            raise CompanyUnclear
        return found[0]


@transaction.atomic
@exact_money
def record(
    *,
    by: User,
    at: datetime,
    kind: str,
    day: date,
    amount_minor: int,
    company: Company,
    source: str = Source.API,
    external_id: str = "",
    **facts: Any,
) -> Purchase:
    """Write down a shipment or a payment; the same key of the same source brings the one that is there up to date.

    `facts` are number, currency, deal and product. Raises AmountMissing, DayWrong, KeyTaken.
    """
    check_names(by, Purchase, facts, FACTS)
    entry = Entry(key=external_id, kind=kind, day=day, amount_minor=amount_minor, company=company.pk, **facts)
    result = record_many(by=by, at=at, entries=[entry], source=source)[0]
    if result.refusal is not None:
        raise result.refusal
    assert result.purchase is not None
    return result.purchase


@transaction.atomic
def record_many(*, by: User, at: datetime, entries: Sequence[Entry], source: str = Source.API) -> list[Result]:
    """Write down what the accounts have, as many as there are, in the same few statements; results in the order of the entries.

    An entry whose key is known changes what stands under it, and brings back what was taken back. One that does not fit is refused
    by itself; the others stand.
    """
    allow(by, Permission.PURCHASE_EDIT)
    home = CompanySettings.current()
    clients = _clients(by, entries, home.country)
    deals = _deals(by, [entry.deal.pk for entry in entries if entry.deal is not None])
    there = _there(by, source, {entry.key for entry in entries if entry.key})
    fresh: list[Purchase] = []
    changed: dict[int, Purchase] = {}
    results: list[Result] = []
    for entry in entries:
        try:
            facts = _facts(entry, clients, deals, at, home.currency)
            found = there.get(entry.key)
            if isinstance(found, Refused):
                raise found
        except Refused as refusal:
            results.append(Result(Outcome.REFUSED, refusal=refusal))
            continue
        if found is None:
            found = Purchase(source=source, external_id=entry.key, created_by=by, changed_by=by, **facts)
            fresh.append(found)
            if entry.key:
                there[entry.key] = found
            results.append(Result(Outcome.CREATED, found))
        elif _changes(found, facts):
            found.changed_by = by
            if found.pk:
                changed[found.pk] = found
            results.append(Result(Outcome.CHANGED, found))
        else:
            results.append(Result(Outcome.SAME, found))
    Purchase.objects.bulk_create(fresh, batch_size=BATCH)
    Purchase.objects.bulk_update(changed.values(), [*FACTS, "deleted_at", "changed_by"], batch_size=BATCH)
    return results


@transaction.atomic
@exact_money
def edit(*, purchase: Purchase, by: User, at: datetime, seen_at: datetime | None = None, **changes: Any) -> Purchase:
    """Put a purchase right. Raises StaleRecord, AmountMissing, DayWrong."""
    lock(purchase, by=by, action=Permission.PURCHASE_EDIT)
    check_fresh(purchase, seen_at)
    check_names(by, Purchase, changes, FACTS)
    company, deal = changes.get("company", purchase.company), changes.get("deal", purchase.deal)
    if company != purchase.company and not Company.objects.live().filter(_bookable(by), pk=company.pk).exists():
        raise CompanyUnknown
    if deal is not None and (company, deal) != (purchase.company, purchase.deal):
        _check_deal(deal, company, _deals(by, [deal.pk]))
    _check(changes.get("day", purchase.day), changes.get("amount_minor", purchase.amount_minor), at)
    store(purchase, by=by, changes={**changes, **cleaned(Purchase, {n: v for n, v in changes.items() if n in PLAIN})})
    return purchase


@transaction.atomic
def take_back(*, purchase: Purchase, by: User, at: datetime) -> Purchase:
    """Take a purchase out of all figures: the document was cancelled. Sent again under its key, it is there again."""
    lock(purchase, by=by, action=Permission.PURCHASE_EDIT)
    store(purchase, by=by, changes={"deleted_at": at})
    return purchase


delete = take_back


def _bookable(by: User) -> Q:
    """The clients whose purchases somebody may write: all for who reaches all purchases, else those that he sees."""
    if not scope(by, Permission.PURCHASE_EDIT):
        return Q()
    return scope(by, Permission.COMPANY_VIEW)


def _clients(by: User, entries: Sequence[Entry], country: str) -> _Clients:
    """The clients named in the entries, in one statement. A tax number is read as one of the country of this company."""
    clients = _Clients(country)
    keys = {entry.company for entry in entries if entry.company is not None}
    theirs = {entry.company_key for entry in entries if entry.company_key}
    taxes = {tax.key(entry.tax_number, country) for entry in entries if entry.tax_number} - {""}
    named = Q(pk__in=keys) | Q(source__in=Source.values, external_id__in=theirs) | Q(tax_key__in=taxes)
    for company in Company.objects.live().filter(_bookable(by)).filter(named):
        clients.by_pk[company.pk] = company
        if company.external_id:
            clients.by_key.setdefault(company.external_id, []).append(company)
        if company.tax_key:
            clients.by_tax.setdefault(company.tax_key, []).append(company)
    return clients


def _there(by: User, source: str, keys: Iterable[str]) -> dict[str, Any]:
    """What stands under these keys already, locked; KeyTaken where it is beyond reach. Nobody else enters by key meanwhile."""
    wanted = set(keys)
    if not wanted:
        return {}
    keep_keys(Purchase)
    rows = Purchase._base_manager.select_for_update(no_key=True, of=("self",)).filter(
        source=source, external_id__in=wanted
    )
    reached = Purchase._base_manager.filter(scope(by, Permission.PURCHASE_EDIT)).filter(pk=models.OuterRef("pk"))
    found = rows.annotate(reached=models.Exists(reached)).order_by("pk")
    return {row.external_id: row if row.reached else KeyTaken() for row in found}


def _deals(by: User, keys: Sequence[int]) -> dict[int, int | None]:
    """The deals among these that somebody sees, with their clients; no statement without any."""
    return dict(Deal.objects.visible_to(by).filter(pk__in=keys).values_list("pk", "company")) if keys else {}


def _facts(
    entry: Entry, clients: _Clients, deals: dict[int, int | None], at: datetime, currency: str
) -> dict[str, Any]:
    """The columns that an entry stands for. Raises Refused with the field that it belongs to."""
    if type(entry.amount_minor) is not int:
        raise TypeError(f"amount_minor takes whole minor units, not {type(entry.amount_minor).__name__}")
    company = clients.of(entry)
    if entry.deal is not None:
        _check_deal(entry.deal, company, deals)
    _check(entry.day, entry.amount_minor, at)
    words = {"kind": entry.kind, "number": entry.number, "currency": entry.currency or currency}
    return {
        **cleaned(Purchase, words),
        "company": company,
        "deal": entry.deal,
        "product": entry.product,
        "day": entry.day,
        "amount_minor": entry.amount_minor,
    }


def _check(day: date, amount_minor: int, at: datetime) -> None:
    if not amount_minor or abs(amount_minor) > BIGGEST:
        raise AmountMissing
    if not FIRST_YEAR <= day.year <= LAST_YEAR or day > at.date() + timedelta(days=1):
        raise DayWrong


def _check_deal(deal: Deal, company: Company, deals: dict[int, int | None]) -> None:
    if deals.get(deal.pk) != company.pk:
        raise DealElsewhere


def _changes(purchase: Purchase, facts: dict[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    wanted = {**facts, "deleted_at": None}
    names = {"company": "company_id", "deal": "deal_id", "product": "product_id"}
    before = {name: getattr(purchase, names.get(name, name)) for name in wanted}
    after = {name: value.pk if isinstance(value, models.Model) else value for name, value in wanted.items()}
    for name, value in wanted.items():
        setattr(purchase, name, value)
    return before != after
