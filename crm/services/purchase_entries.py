"""What the accounts call things, found among the records here: clients, deals, products; the columns that a line of theirs stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.refusals import Refused
from crm import tax
from crm.models import Company, Deal, Product, Purchase, Source
from crm.services.text import cleaned

FIRST_YEAR, LAST_YEAR = 1900, 2199
BIGGEST = models.BigIntegerField.MAX_BIGINT
TOMORROW = timedelta(days=1)  # where the accounts are it may be the next day already


class CompanyUnknown(Refused):
    """No client fits what the accounts call him."""

    code = "company_unknown"
    field = "company"
    message = _("No client of yours has this number, key or tax number. Add the client first, then send this again.")


class CompanyUnclear(Refused):
    """Two clients fit."""

    code = "company_unclear"
    field = "company"
    message = _("Several clients fit this. Send the client's number here, or merge the two.")


class DealElsewhere(Refused):
    """A deal of another client, or one that nobody may know of."""

    code = "deal_elsewhere"
    field = "deal"
    message = _("This deal is not one of this client's. Name another one, or none.")


class ProductUnknown(Refused):
    """No product has this number."""

    code = "product_unknown"
    field = "product"
    message = _("There is no such product. Name another one, or none.")


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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the accounts. The client by what they have of him: his number here, their own key of him, his tax number.

    `key` is their key of the document; deal and product are named by their numbers here; `amount_minor` is in minor units, below
    zero for what goes back. What is left out is left as it is.
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
    deal: int | None = None
    product: int | None = None


@dataclass
class Named:
    """What some entries name, each kind of record read in one statement and only if it is named."""

    country: str
    by_pk: dict[int, Company] = field(default_factory=dict)
    by_key: dict[str, list[Company]] = field(default_factory=dict)
    by_tax: dict[str, list[Company]] = field(default_factory=dict)
    deals: dict[int, int | None] = field(default_factory=dict)
    products: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, entries: Sequence[Entry], *, by: User, country: str) -> Named:
        """Clients within `by`'s reach, deals that he sees, products; tax numbers without a country's letters are of `country`."""
        named = cls(country)
        for company in _companies(entries, by, country):
            named.by_pk[company.pk] = company
            if company.external_id:
                named.by_key.setdefault(company.external_id, []).append(company)
            if company.tax_key:
                named.by_tax.setdefault(company.tax_key, []).append(company)
        deals = {entry.deal for entry in entries if entry.deal is not None}
        if deals:
            named.deals = dict(Deal.objects.visible_to(by).filter(pk__in=deals).values_list("pk", "company"))
        products = {entry.product for entry in entries if entry.product is not None}
        if products:
            named.products = set(Product.objects.filter(pk__in=products).values_list("pk", flat=True))
        return named

    def company(self, entry: Entry) -> Company:
        """The entry's client. Raises CompanyUnknown, CompanyUnclear."""
        if entry.company is not None:
            found = [self.by_pk[entry.company]] if entry.company in self.by_pk else []
        elif entry.company_key:
            found = self.by_key.get(entry.company_key, [])
        else:
            found = self.by_tax.get(tax.key(entry.tax_number, self.country), []) if entry.tax_number else []
        if not found:
            raise CompanyUnknown
        if len(found) > 1:
            raise CompanyUnclear
        return found[0]

    def facts(self, entry: Entry, *, at: datetime, currency: str) -> dict[str, Any]:
        """The columns that an entry stands for. Raises Refused with the field that it belongs to."""
        company = self.company(entry)
        check(entry.day, entry.amount_minor, at)
        words: dict[str, Any] = {"kind": entry.kind, "currency": entry.currency or currency}
        if entry.number:
            words["number"] = entry.number
        facts = {
            **cleaned(Purchase, words),
            "company_id": company.pk,
            "day": entry.day,
            "amount_minor": entry.amount_minor,
        }
        if entry.deal is not None:
            if self.deals.get(entry.deal) != company.pk:
                raise DealElsewhere
            facts["deal_id"] = entry.deal
        if entry.product is not None:
            if entry.product not in self.products:
                raise ProductUnknown
            facts["product_id"] = entry.product
        return facts


def bookable(by: User) -> Q:
    """The clients whose purchases somebody may write: all for who reaches all purchases, else those that he sees."""
    if not scope(by, Permission.PURCHASE_EDIT):
        return Q()
    return scope(by, Permission.COMPANY_VIEW)


def check(day: date, amount_minor: int, at: datetime) -> None:
    """Raise AmountMissing or DayWrong."""
    if type(amount_minor) is not int:
        raise TypeError(f"amount_minor takes whole minor units, not {type(amount_minor).__name__}")
    if not amount_minor or abs(amount_minor) > BIGGEST:
        raise AmountMissing
    if not FIRST_YEAR <= day.year <= LAST_YEAR or day > at.date() + TOMORROW:
        raise DayWrong


def _companies(entries: Sequence[Entry], by: User, country: str) -> models.QuerySet[Company]:
    keys = {entry.company for entry in entries if entry.company is not None}
    theirs = {entry.company_key for entry in entries if entry.company_key}
    taxes = {tax.key(entry.tax_number, country) for entry in entries if entry.tax_number} - {""}
    named = Q(pk__in=keys) | Q(source__in=Source.values, external_id__in=theirs) | Q(tax_key__in=taxes)
    return Company.objects.live().filter(bookable(by)).filter(named)
