"""Purchases: by the accounts' keys, one or many, again and again."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusals import NotAllowed
from crm.models import Company, Product, Purchase, PurchaseKind, Source
from crm.services import companies, purchases
from crm.services.base import KeyTaken, StaleRecord
from crm.services.purchase_entries import (
    AmountMissing,
    CompanyUnclear,
    CompanyUnknown,
    DayWrong,
    DealElsewhere,
    ProductUnknown,
)
from crm.services.purchases import Entry, Outcome
from tests.factories.crm import make_company, make_deal, make_purchase
from tests.factories.people import Cast
from tests.fixtures import Clock

DAY = date(2026, 10, 1)


@pytest.fixture
def company(cast: Cast) -> Company:
    return make_company(cast.manager)


def entry(company: Company | None = None, key: str = "inv-1", **words: object) -> Entry:
    facts = {"kind": PurchaseKind.SHIPMENT, "day": DAY, "amount_minor": 120_000, **words}
    return Entry(key=key, company=company.pk if company else None, **facts)


def outcomes(results) -> list[Outcome]:
    return [result.outcome for result in results]


def test_what_comes_again_changes_what_is_there_or_nothing(company: Company, cast: Cast, clock: Clock) -> None:
    def send(*entries: Entry) -> list[Outcome]:
        return outcomes(purchases.record_many(by=cast.head, at=clock.now, entries=entries))

    assert send(entry(company), entry(company, "inv-2")) == [Outcome.CREATED, Outcome.CREATED]
    assert send(entry(company), entry(company, "inv-2", amount_minor=-5_000)) == [Outcome.SAME, Outcome.CHANGED]
    assert list(Purchase.objects.order_by("external_id").values_list("amount_minor", "currency", "source")) == [
        (120_000, "EUR", Source.API),
        (-5_000, "EUR", Source.API),
    ]


def test_the_same_key_twice_in_one_list_is_one_purchase(company: Company, cast: Cast, clock: Clock) -> None:
    results = purchases.record_many(
        by=cast.head, at=clock.now, entries=[entry(company), entry(company), entry(company, amount_minor=7)]
    )
    assert outcomes(results) == [Outcome.CREATED, Outcome.SAME, Outcome.CHANGED]
    assert Purchase.objects.get().amount_minor == 7


def test_without_a_key_each_is_its_own(company: Company, cast: Cast, clock: Clock) -> None:
    purchases.record_many(by=cast.head, at=clock.now, entries=[entry(company, ""), entry(company, "")])
    assert Purchase.objects.count() == 2


def test_the_client_is_found_by_number_key_or_tax_number(cast: Cast, clock: Clock) -> None:
    company = companies.add(
        by=cast.manager, at=clock.now, name="Elbe", tax_number="PL 525-000-77-38", country="PL", source=Source.API,
        external_id="k-77",
    )  # fmt: skip
    named = [entry(company, "1"), entry(None, "2", company_key="k-77"), entry(None, "3", tax_number="PL5250007738")]
    results = purchases.record_many(by=cast.head, at=clock.now, entries=named)
    assert {result.purchase.company_id for result in results} == {company.pk}


def test_one_that_does_not_fit_stops_no_other(company: Company, cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "Twin A", tax_key="123456")
    make_company(cast.manager, "Twin B", tax_key="123456")
    foreign = make_company(cast.stranger)
    wrong = {
        entry(foreign, "a"): CompanyUnknown,
        entry(None, "b"): CompanyUnknown,
        entry(None, "c", tax_number="123456"): CompanyUnclear,
        entry(company, "d", amount_minor=0): AmountMissing,
        entry(company, "e", amount_minor=2**64): AmountMissing,
        entry(company, "f", day=date(2026, 10, 22)): DayWrong,
        entry(company, "g", day=date(1, 1, 1)): DayWrong,
        entry(company, "h", deal=make_deal(cast.manager).pk): DealElsewhere,
        entry(company, "i", product=999_999): ProductUnknown,
    }
    results = purchases.record_many(by=cast.head, at=clock.now, entries=[*wrong, entry(company)])
    assert [type(result.refusal) for result in results[:-1]] == list(wrong.values())
    assert results[-1].outcome == Outcome.CREATED
    assert Purchase.objects.count() == 1


def test_what_is_left_out_stays(company: Company, cast: Cast, clock: Clock) -> None:
    deal = make_deal(cast.manager, company=company)
    pump = Product.objects.create(name="Pump", name_key="pump")
    first = entry(company, deal=deal.pk, product=pump.pk, number="FV 1/26")
    purchases.record(by=cast.head, at=clock.now, entry=first)
    result = purchases.record_many(by=cast.head, at=clock.now, entries=[entry(company)])
    assert outcomes(result) == [Outcome.SAME]
    one = Purchase.objects.get()
    assert (one.deal, one.product, one.number) == (deal, pump, "FV 1/26")


def test_its_statements_do_not_grow_with_the_list(company: Company, cast: Cast, clock: Clock) -> None:
    def cost(count: int, amount: int) -> int:
        entries = [entry(company, f"{count}-{n}", amount_minor=amount) for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            purchases.record_many(by=cast.head, at=clock.now, entries=entries)
        return len(captured)

    assert cost(2, 5) == cost(300, 5)
    assert cost(2, 6) == cost(300, 6)
    assert cost(300, 6) <= 12


def test_taken_back_it_is_nowhere_until_it_comes_again(company: Company, cast: Cast, clock: Clock) -> None:
    purchase = purchases.record(by=cast.head, at=clock.now, entry=entry(company))
    purchases.take_back(purchase=purchase, by=cast.head, at=clock.now)
    assert not Purchase.objects.visible_to(cast.owner).exists()
    (result,) = purchases.record_many(by=cast.head, at=clock.now, entries=[entry(company)])
    assert result.outcome == Outcome.CHANGED
    assert Purchase.objects.visible_to(cast.owner).get() == purchase


def test_the_coordinator_brings_in_the_accounts_without_seeing_the_clients(
    company: Company, cast: Cast, clock: Clock
) -> None:
    purchases.record(by=cast.admin, at=clock.now, entry=entry(company))
    assert Purchase.objects.visible_to(cast.admin).count() == 0
    assert Purchase.objects.visible_to(cast.manager).count() == 1


def test_a_key_of_somebody_elses_client_is_taken(company: Company, cast: Cast, clock: Clock) -> None:
    purchases.record(by=cast.admin, at=clock.now, entry=entry(make_company(cast.stranger)))
    with pytest.raises(KeyTaken):
        purchases.record(by=cast.head, at=clock.now, entry=entry(company))


def test_only_heads_and_coordinators_write_the_accounts(company: Company, cast: Cast, clock: Clock) -> None:
    purchase = make_purchase(company, DAY)
    for person in (cast.manager, cast.teammate, cast.stranger, cast.owner):
        with pytest.raises(NotAllowed):
            purchases.record(by=person, at=clock.now, entry=entry(company))
        with pytest.raises(NotAllowed):
            purchases.edit(purchase=purchase, by=person, at=clock.now, number="x")
    with pytest.raises(NotAllowed):
        purchases.take_back(purchase=purchase, by=cast.other_head, at=clock.now)


def test_a_mistake_is_put_right_within_the_rules(company: Company, cast: Cast, clock: Clock) -> None:
    purchase = make_purchase(company, DAY)
    purchases.edit(purchase=purchase, by=cast.head, at=clock.now, amount_minor=-3, number=" FV  2 ", currency="pln")
    assert (purchase.amount_minor, purchase.number, purchase.currency) == (-3, "FV 2", "PLN")
    with pytest.raises(AmountMissing):
        purchases.edit(purchase=purchase, by=cast.head, at=clock.now, amount_minor=0)
    with pytest.raises(DayWrong):
        purchases.edit(purchase=purchase, by=cast.head, at=clock.now, day=DAY + timedelta(days=60))
    with pytest.raises(CompanyUnknown):
        purchases.edit(purchase=purchase, by=cast.head, at=clock.now, company=make_company(cast.stranger))
    with pytest.raises(DealElsewhere):
        purchases.edit(purchase=purchase, by=cast.head, at=clock.now, deal=make_deal(cast.manager))
    with pytest.raises(TypeError):
        purchases.edit(purchase=purchase, by=cast.head, at=clock.now, amount_minor=1.5)
    seen = purchase.changed_at
    clock.set("2026-10-20 10:05")
    purchases.edit(purchase=purchase, by=cast.head, at=clock.now, number="FV 3")
    with pytest.raises(StaleRecord):
        purchases.edit(purchase=purchase, by=cast.head, at=clock.now, number="FV 4", seen_at=seen)
