"""Who may be there twice: what finds them, what does not, and that each run only looks at what changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.merging import reasons
from crm.models import Company, DuplicatePair, DuplicateSearch, PairStatus
from crm.services import companies, contacts, duplicate_pairs, duplicate_search
from crm.tasks import find_duplicates


def company(cast, clock, name, **facts):
    return companies.add(by=cast.manager, at=clock.now, name=name, overridden=True, **facts)


def person(cast, clock, name, **facts):
    return contacts.add(by=cast.manager, at=clock.now, name=name, overridden=True, **facts)


def found(noun="company"):
    return {
        (pair.first, pair.second): pair
        for pair in DuplicatePair.objects.filter(noun=noun, status=PairStatus.OPEN).order_by("pk")
    }


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"tax_number": "526-025-02-74"}, {"tax_number": "PL5260250274"}, ["company.tax"]),
        ({"domain": "https://acme.example/x"}, {"email": "info@acme.example"}, ["company.domain"]),
        ({"phone": "+48 22 555 01 97"}, {"phone": "22 555 0197"}, ["company.phone"]),
        ({"city": "Łódź"}, {"city": "lodz"}, ["company.name"]),
        ({"city": "Łódź"}, {}, ["company.name_only"]),
    ],
)
def test_two_companies_are_found_by_what_they_share(cast, clock, one, other, why):
    first = company(cast, clock, "Acme sp. z o.o.", **one)
    second = company(cast, clock, "ACME Sp. z oo", **other)
    duplicate_search.run(at=clock.now)
    pair = found()[first.pk, second.pk]
    assert set(why) <= set(pair.reasons)
    assert pair.score >= reasons.LEAST


def test_a_company_with_its_legal_form_in_front_is_found(cast, clock):
    first = company(cast, clock, "ООО «Ромашка»", city="Москва")
    second = company(cast, clock, "Ромашка", city="Москва")
    duplicate_search.run(at=clock.now)
    assert found()[first.pk, second.pk].reasons == ["company.name"]


def test_other_companies_are_left_in_peace(cast, clock):
    company(cast, clock, "Acme", city="Kraków", tax_number="5260250274")
    company(cast, clock, "Acme", city="Gdańsk")
    company(cast, clock, "Acme Logistics", city="Kraków")
    company(cast, clock, "Acme", city="Kraków", tax_number="5250007738")
    company(cast, clock, "Depot 1", city="Łódź")
    company(cast, clock, "Depot 2", city="Łódź")
    duplicate_search.run(at=clock.now)
    assert not found()


def test_a_site_that_many_different_companies_give_is_no_key(cast, clock):
    for name in ("Alpha", "Beta", "Gamma", "Delta"):
        company(cast, clock, name, domain="mall.example", phone="+48 22 555 01 97")
    duplicate_search.run(at=clock.now)
    assert len(found()) == 6
    clock.set("2026-10-20 11:00")
    company(cast, clock, "Epsilon", domain="mall.example", phone="+48 22 555 01 97")
    for one in Company.objects.all():
        companies.edit(company=one, by=cast.manager, at=clock.now, note="Seen")
    duplicate_search.run(at=clock.now)
    assert not found(), "pairs that are no longer alike are closed"


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"emails": ["NB@quarry.example"]}, {"emails": ["x@y.example", "nb@quarry.example"]}, "contact.email"),
        ({"phones": ["+48 600 100 200"]}, {"phones": ["22 1234567", "600-100-200"]}, "contact.phone"),
        ({"city": "Kraków"}, {"city": "kraków"}, "contact.city"),
    ],
)
def test_two_people_are_found_by_what_they_share(cast, clock, one, other, why):
    first, second = person(cast, clock, "Nadia Bauer", **one), person(cast, clock, "Bauer Nadia", **other)
    if why == "contact.city":
        contacts.edit(contact=second, by=cast.manager, at=clock.now, name="Nadia Bauer")
    duplicate_search.run(at=clock.now)
    assert found("contact")[first.pk, second.pk].reasons == [why]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Acme Sp. z o.o.", "Acme sp. z oo", True),
        ("Acme Ltd", "Acme Limited", True),
        ("Acme", "Acme S.A.", True),
        ("ООО Ромашка", "Ромашка", True),
        ("Acme Sp. z o.o.", "Acme S.A.", False),
        ("ООО Ромашка", "АО Ромашка", False),
        ("Acme GmbH", "Acme Ltd", False),
    ],
)
def test_another_legal_form_is_another_company_by_name_alone(cast, clock, one, other, same):
    first, second = company(cast, clock, one, city="Łódź"), company(cast, clock, other, city="Łódź")
    duplicate_search.run(at=clock.now)
    assert ((first.pk, second.pk) in found()) is same


def test_people_of_one_company_are_compared_by_name_in_any_order_and_with_slips(cast, clock):
    acme = company(cast, clock, "Acme")
    people = [person(cast, clock, name, company=acme) for name in ("Anna Kowalska", "Kowalska Anna", "Jan Lis")]
    duplicate_search.run(at=clock.now)
    assert set(found("contact")) == {(people[0].pk, people[1].pk)}


def test_two_who_share_a_phone_and_not_a_name_are_colleagues(cast, clock):
    person(cast, clock, "Nadia Bauer", phones=["+48 600 100 200"])
    person(cast, clock, "Jan Lis", phones=["+48 600 100 200"])
    duplicate_search.run(at=clock.now)
    assert not found("contact")


def test_a_run_looks_only_at_what_changed_since_and_finds_what_an_edit_made_alike(cast, clock):
    first, second = company(cast, clock, "Acme", city="Kraków"), company(cast, clock, "Zebra", city="Kraków")
    assert duplicate_search.run(at=clock.now) == 2
    assert duplicate_search.run(at=clock.now) == 0
    clock.set("2026-10-20 11:00")
    companies.edit(company=second, by=cast.manager, at=clock.now, name="Acme Ltd")
    assert duplicate_search.run(at=clock.now) == 1
    assert set(found()) == {(first.pk, second.pk)}
    clock.set("2026-10-20 12:00")
    companies.edit(company=second, by=cast.manager, at=clock.now, name="Zebra")
    duplicate_search.run(at=clock.now)
    assert not found()


def test_a_pair_that_was_decided_is_not_asked_again_and_one_whose_client_is_gone_is_closed(cast, clock):
    first, second, third = (company(cast, clock, "Acme", city="Kraków") for _ in range(3))
    duplicate_search.run(at=clock.now)
    duplicate_pairs.part(pair=found()[first.pk, second.pk], by=cast.manager, at=clock.now)
    clock.set("2026-10-20 11:00")
    companies.edit(company=first, by=cast.manager, at=clock.now, note="Seen")
    companies.delete(company=third, by=cast.manager, at=clock.now)
    duplicate_search.run(at=clock.now)
    assert not found()
    assert DuplicatePair.objects.get().status == PairStatus.DIFFERENT


def test_the_job_may_run_twice_and_leaves_another_run_alone(cast, clock):
    company(cast, clock, "Acme", city="Kraków"), company(cast, clock, "Acme", city="Kraków")
    find_duplicates()
    find_duplicates()
    assert len(found()) == 1
    assert DuplicateSearch.objects.count() == 2


def test_the_number_of_statements_does_not_depend_on_how_many_are_compared(cast, clock):
    def run(names):
        for name in names:
            company(cast, clock, name, city="Kraków", phone="+48 22 555 01 97")
        with CaptureQueriesContext(connection) as captured:
            duplicate_search.step(noun="company", at=clock.now)
        return len(captured)

    few = run(["Acme", "Acme Ltd"])
    clock.set("2026-10-20 11:00")
    assert run([f"Acme {form}" for form in ("Ltd", "SA", "GmbH", "AG", "Inc")]) == few
