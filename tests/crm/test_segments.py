"""Segments: each condition finds whom it says, nobody sees more than his own, and what is not understood finds nobody."""

from datetime import date, timedelta

import pytest

from crm import segments
from crm.models import ComplaintStatus, Tag
from tests.factories.crm import (
    make_activity,
    make_company,
    make_complaint,
    make_contract,
    make_deal,
    make_purchase,
    make_task,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(cast, clock):
    """The names of the companies that conditions find for the manager now."""

    def found(*conditions, user=None):
        rows = segments.companies_of(conditions, user=user or cast.manager, at=clock.now)
        return set(rows.values_list("name", flat=True))

    clock.set("2026-11-18 12:00")
    return found


def test_won_counts_deals_closed_in_the_period(names, clock, cast):
    acme, beta = make_company(cast.manager, "Acme"), make_company(cast.manager, "Beta")
    clock.set("2025-12-31 12:00")
    make_deal(cast.manager, company=beta, status="won")
    clock.set("2026-02-01 12:00")
    make_deal(cast.manager, company=acme, status="won")
    make_deal(cast.manager, company=beta)
    clock.set("2026-11-18 12:00")
    assert names({"key": "won", "period": "this_year"}) == {"Acme"}
    assert names({"key": "won", "period": "last_year"}) == {"Beta"}
    assert names({"key": "won", "period": "12_months"}) == {"Acme", "Beta"}
    assert names({"key": "not_won", "period": "this_year"}) == {"Beta"}


def test_purchases_fell_compares_the_same_days_of_last_year(names, cast):
    fell, held, other = (make_company(cast.manager, name) for name in ("Fell", "Held", "Later"))
    for company, was, became in ((fell, 100_00, 70_00), (held, 100_00, 71_00)):
        make_purchase(company, date(2025, 3, 1), was)
        make_purchase(company, date(2026, 3, 1), became)
    make_purchase(other, date(2025, 12, 1), 100_00)  # after the same day of last year: not compared
    make_purchase(fell, date(2026, 3, 2), 500_00, kind="payment")  # a payment is no purchase
    assert names({"key": "fell", "percent": 30, "against": "this_year"}) == {"Fell"}
    assert names({"key": "fell", "percent": 29, "against": "this_year"}) == {"Fell", "Held"}


def test_purchases_are_compared_within_a_currency(names, cast):
    company = make_company(cast.manager, "Two currencies")
    make_purchase(company, date(2025, 3, 1), 100_00, currency="EUR")
    make_purchase(company, date(2026, 3, 1), 900_00, currency="PLN")
    assert names({"key": "fell", "percent": 100, "against": "12_months"}) == {"Two currencies"}


def test_bought_adds_up_shipments(names, cast):
    company = make_company(cast.manager, "Acme")
    make_purchase(company, date(2026, 3, 1), 600_00)
    make_purchase(company, date(2026, 4, 1), 400_00)
    assert names({"key": "bought", "amount": 1000, "period": "this_year"}) == {"Acme"}
    assert names({"key": "bought", "amount": 1001, "period": "this_year"}) == set()


def test_quiet_looks_at_the_last_contact(names, clock, cast):
    called, quiet = make_company(cast.manager, "Called"), make_company(cast.manager, "Quiet")
    make_activity(cast.manager, clock.now - timedelta(days=91), company=quiet)
    make_activity(cast.manager, clock.now - timedelta(days=89), company=called)
    assert names({"key": "quiet", "days": 90}) == {"Quiet"}


def test_contracts_end_within_the_days_given(names, cast):
    soon, later, gone = (make_company(cast.manager, name) for name in ("Soon", "Later", "Gone"))
    for company, day in ((soon, date(2026, 12, 18)), (later, date(2026, 12, 19)), (gone, date(2026, 11, 17))):
        make_contract(company, date(2026, 1, 1), day)
    make_contract(later, date(2026, 1, 1), date(2026, 12, 1), status="renewed")
    assert names({"key": "ending", "days": 30}) == {"Soon"}


def test_the_other_conditions(names, clock, cast):
    acme = make_company(cast.manager, "Acme", city="Łódź", industry="Food retail")
    beta = make_company(cast.manager, "Beta")
    acme.tags.add(Tag.objects.create(name="VIP"))
    make_task(cast.manager, clock.now, company=acme)
    make_deal(cast.manager, company=acme)
    make_complaint(acme, clock.now)
    make_complaint(beta, clock.now, status=ComplaintStatus.SETTLED, closed_at=clock.now)
    lost = {"key": "lost", "period": "this_year"}
    make_deal(cast.manager, company=beta, status="lost")
    for condition in (
        {"key": "open_deal", "has": "with"},
        {"key": "complained"},
        {"key": "tagged", "has": "with", "tag": "vip"},
        {"key": "in_city", "city": "łódź"},
        {"key": "in_industry", "industry": "retail"},
    ):
        assert names(condition) == {"Acme"}, condition
    for condition in ({"key": "bare"}, {"key": "open_deal", "has": "without"}, lost):
        assert names(condition) == {"Beta"}, condition
    assert names({"key": "owned", "name": cast.manager.full_name[:4]}) == {"Acme", "Beta"}
    assert names(lost, {"key": "complained"}) == set()


def test_nobody_finds_clients_that_he_does_not_see(names, cast):
    make_company(cast.manager, "Acme")
    everybody = {"key": "not_won", "period": "this_year"}
    assert names(everybody, user=cast.head) == {"Acme"}
    assert names(everybody, user=cast.stranger) == set()


def test_a_condition_that_is_not_understood_finds_nobody(names, cast):
    make_company(cast.manager, "Acme")
    assert names({"key": "gone_from_the_program"}) == set()
    assert names({"key": "quiet", "days": "many"}) == set()
    assert names() == set()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"key": "quiet", "days": "0"}, "Days"),
        ({"key": "quiet", "days": "ninety"}, "Days"),
        ({"key": "quiet", "days": "99999"}, "Days"),
        ({"key": "fell", "percent": "30", "against": "never"}, "Compared"),
        ({"key": "in_city", "city": "  "}, "City"),
        ({"key": "in_city", "city": "x" * 101}, "City"),
        ({"key": "nothing"}, "does not exist"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(given, told):
    with pytest.raises(segments.ConditionWrong) as wrong:
        segments.check([given])
    assert told in str(wrong.value.message)


def test_numbers_may_be_written_with_spaces():
    assert segments.check([{"key": "bought", "amount": "10 000", "period": "this_year"}])[0]["amount"] == 10_000


def test_conditions_read_as_sentences():
    words = segments.in_words(
        [{"key": "fell", "percent": 30, "against": "12_months"}, {"key": "in_city", "city": "{x}"}]
    )
    assert words == [
        "Purchases fell by at least 30 % in the last 12 months against the 12 before", "In the city of {x}",
    ]  # fmt: skip


def test_open_deals_that_the_reader_does_not_see_are_not_told(names, cast):
    company = make_company(cast.manager, "Acme")
    make_deal(cast.stranger, company=company)
    assert names({"key": "open_deal", "has": "with"}) == set()
    assert names({"key": "open_deal", "has": "without"}) == {"Acme"}
