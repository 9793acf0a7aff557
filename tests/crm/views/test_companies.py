"""Companies as pages: who sees what, what is saved, what is refused."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Activity, Company, Share
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, company: Company) -> str:
    return reverse(f"crm:company{name}", args=[company.pk])


def test_the_card_shows_the_owner_his_company(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(
        cast.manager, "Quarry & Sons", city="Rotterdam", phone="+49 40 555 9689", email="info@quarry.example"
    )
    page = sign_in(cast.manager).get(url("", company))
    assert page.status_code == 200
    body = page.content.decode()
    assert "Quarry &amp; Sons" in body
    assert 'href="tel:+49405559689"' in body
    assert 'href="mailto:info@quarry.example"' in body
    assert "Log call" in body


@pytest.mark.parametrize("verb", ["", "-edit", "-give", "-delete"])
def test_a_stranger_gets_404_and_changes_nothing(verb: str, cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.stranger)
    assert client.get(url(verb, company)).status_code == 404
    if verb:
        assert client.post(url(verb, company), {"name": "Stolen", "to": cast.stranger.pk}).status_code == 404
    company.refresh_from_db()
    assert (company.name, company.owner, company.deleted_at) == ("Acme", cast.manager, None)


def test_a_teammate_sees_it_only_once_it_is_shared(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.teammate)
    assert client.get(url("", company)).status_code == 404
    Share.objects.create(user=cast.teammate, company=company, shared_by=cast.manager)
    assert client.get(url("", company)).status_code == 200
    assert client.get(url("-edit", company), **HTMX).status_code == 200
    assert client.get(url("-delete", company), **HTMX).status_code == 404


def test_the_head_reaches_his_people_and_the_owner_only_reads(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    assert sign_in(cast.head).get(url("-edit", company), **HTMX).status_code == 200
    page = sign_in(cast.owner).get(url("", company))
    assert page.status_code == 200
    assert "Log call" not in page.content.decode()
    assert sign_in(cast.owner).post(url("-edit", company), {"name": "Other"}).status_code == 404
    assert sign_in(cast.other_head).get(url("", company)).status_code == 404


def test_a_company_is_created_and_its_card_opens(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    assert client.get(reverse("crm:company-new"), **HTMX).status_code == 200
    answer = client.post(reverse("crm:company-new"), {"name": "Baltic Foods", "phone": "+48 600 100 200"}, **HTMX)
    company = Company.objects.get()
    assert answer["HX-Redirect"] == url("", company)
    assert (company.name, company.owner) == ("Baltic Foods", cast.manager)


def test_sending_the_form_twice_makes_one_company(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    key = "0f4a7c1e-6f6b-4d61-9a77-0d7a1b0a4c11"
    for _time in range(2):
        answer = client.post(reverse("crm:company-new"), {"name": "Baltic Foods", "key": key}, **HTMX)
        assert answer.status_code == 200
    assert Company.objects.count() == 1


def test_a_name_is_asked_for(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(reverse("crm:company-new"), {"name": "  "}, **HTMX)
    assert answer.status_code == 422
    assert not Company.objects.exists()


def test_one_alike_is_told_and_may_be_created_all_the_same(cast: Cast, sign_in: SignIn) -> None:
    there = make_company(cast.manager, "Baltic Foods", tax_number="PL5250001009", tax_key="PL5250001009")
    client = sign_in(cast.manager)
    told = client.get(reverse("crm:company-alike"), {"tax_number": "PL 525-000-10-09"}, **HTMX).content.decode()
    assert url("", there) in told
    sent = {"name": "Baltic Foods 2", "tax_number": "PL 525-000-10-09"}
    answer = client.post(reverse("crm:company-new"), sent, **HTMX)
    assert answer.status_code == 422
    assert "Create all the same" in answer.content.decode()
    assert client.post(reverse("crm:company-new"), sent | {"overridden": "on"}, **HTMX).status_code == 200
    assert Company.objects.count() == 2


def test_of_a_foreign_one_alike_only_its_being_there_is_told(cast: Cast, sign_in: SignIn) -> None:
    there = make_company(
        cast.stranger, "Canary Industries", tax_number="PL5250001009", tax_key="PL5250001009", city="Canaryville"
    )
    client = sign_in(cast.manager)
    told = client.get(reverse("crm:company-alike"), {"tax_number": "PL5250001009"}, **HTMX).content.decode()
    asked = client.post(
        reverse("crm:company-new"), {"name": "Mine", "tax_number": "PL5250001009"}, **HTMX
    ).content.decode()
    for body in (told, asked):
        assert "already in the CRM" in body
        assert "Canary" not in body
        assert url("", there) not in body


def test_an_edit_saves_only_what_was_changed(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager, city="Gdynia", note="Kept")
    sent = {
        "name": "Acme",
        "city": "Sopot",
        "currency": "EUR",
        "note": "Kept",
        "seen_at": company.changed_at.isoformat(),
    }
    answer = sign_in(cast.manager).post(url("-edit", company), sent, **HTMX)
    assert answer.status_code == 204
    assert "companies-changed" in answer["HX-Trigger"]
    company.refresh_from_db()
    assert (company.city, company.note) == ("Sopot", "Kept")


def test_a_company_is_given_to_a_colleague(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    assert client.post(url("-give", company), {"to": ""}, **HTMX).status_code == 422
    assert client.post(url("-give", company), {"to": cast.owner.pk}, **HTMX).status_code == 422
    assert client.post(url("-give", company), {"to": cast.teammate.pk}, **HTMX).status_code == 204
    company.refresh_from_db()
    assert company.owner == cast.teammate


def test_a_company_with_people_is_not_deleted_and_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    contact = make_contact(cast.manager, company=company)
    client = sign_in(cast.manager)
    refused = client.post(url("-delete", company), **HTMX)
    assert refused.status_code == 422
    assert "Move, close or delete them first" in refused.content.decode()
    contact.deleted_at = contact.changed_at
    contact.save()
    assert client.post(url("-delete", company), **HTMX)["HX-Redirect"] == reverse("crm:company-list")
    assert not Company.objects.live().exists()


def test_what_people_typed_is_shown_and_never_run(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    evil = "<script>alert(1)</script>"
    company = make_company(cast.manager, evil, note=evil, city=evil, industry=evil)
    make_contact(cast.manager, evil, company=company, title=evil)
    make_deal(cast.manager, evil, company=company)
    make_task(cast.manager, clock.now, evil, company=company)
    make_activity(cast.manager, clock.now, company=company, note=evil)
    client = sign_in(cast.manager)
    for address in (url("", company), reverse("crm:company-list"), reverse("crm:contact-list")):
        body = client.get(address).content.decode()
        assert evil not in body
        assert "&lt;script&gt;" in body


def test_the_card_hides_what_hangs_on_it_but_belongs_to_others(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager)
    make_deal(cast.stranger, "Canary deal", company=company)
    make_contact(cast.stranger, "Canary contact", company=company)
    make_task(cast.stranger, clock.now, "Canary task", company=company)
    body = sign_in(cast.manager).get(url("", company)).content.decode()
    assert "Canary" not in body


def test_the_card_costs_the_same_with_fifty_times_the_rows(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager)

    def more(times: int = 50) -> None:
        for number in range(times):
            contact = make_contact(cast.manager, f"Person {number}", company=company)
            deal = make_deal(cast.manager, f"Deal {number}", company=company, amount_minor=100_00)
            make_task(cast.manager, clock.now, f"Task {number}", company=company)
            make_activity(cast.manager, clock.now, company=company, contact=contact, deal=deal, note=f"Note {number}")

    more(1)
    assert_budget(
        sign_in(cast.manager), url("", company), 5, more, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="client-refresh"
    )
    assert Activity.objects.count() == 51
