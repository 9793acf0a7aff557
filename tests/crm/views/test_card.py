"""The card of a client as a whole: who talked, what came after the sale, how good it is, and where a merged one leads."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Company, Merge
from crm.services import shares
from tests.factories.crm import make_activity, make_company, make_contact, make_contract
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def card(company: Company) -> str:
    return reverse("crm:company", args=[company.pk])


def test_the_card_says_who_talked_how_often_and_when_last(cast: Cast, sign_in: SignIn) -> None:
    company, now = make_company(cast.manager), timezone.now()
    for days in (1, 5):
        make_activity(cast.head, now - timedelta(days=days), company=company)
    make_activity(cast.manager, now - timedelta(days=3), "meeting", company=company)
    make_activity(cast.manager, now, company=company, result="no_answer")
    make_activity(cast.owner, now, "note", company=company)
    shown = sign_in(cast.manager).get(card(company)).context["client"]
    assert [(one["name"], one["talks"], one["me"]) for one in shown.talked] == [
        (cast.head.full_name, 2, False),
        (cast.manager.full_name, 1, True),
    ]
    assert (shown.calls, shown.reached) == (3, "67\u202f%")
    assert {one["name"] for one in shown.talkers} == {
        cast.head.full_name, cast.manager.full_name, cast.owner.full_name,
    }  # fmt: skip


def test_what_is_missing_is_a_click_away_for_who_may_mend_it(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    body = sign_in(cast.manager).get(card(company)).content.decode()
    assert f'data-inline-go="value-company-{company.pk}-country"' in body
    assert f'id="value-company-{company.pk}-country"' in body
    assert 'data-focus="composer-note"' in body
    read_only = sign_in(cast.owner).get(card(company)).content.decode()
    assert "Add the country" in read_only
    assert "data-inline" not in read_only


def test_a_changed_fact_brings_head_details_and_quality_up_to_date(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager, city="Sopot")
    answer = sign_in(cast.manager).get(card(company), **HTMX, HTTP_HX_TARGET="client-touch").content.decode()
    for part in ("client-head", "client-details", "client-quality"):
        assert f'id="{part}" ' in answer
    assert "timeline" not in answer


def test_contracts_stand_on_the_cards_of_the_company_and_of_its_people(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    make_contract(company, timezone.localdate() - timedelta(days=10))
    person = make_contact(cast.manager, company=company)
    client = sign_in(cast.manager)
    assert "Maintenance" in client.get(card(company)).content.decode()
    assert "Maintenance" in client.get(reverse("crm:contact", args=[person.pk])).content.decode()


def test_of_a_company_out_of_sight_a_contact_shows_no_business(cast: Cast, sign_in: SignIn) -> None:
    foreign = make_company(cast.stranger, "Foreign")
    make_contract(foreign, timezone.localdate(), title="Canary contract")
    person = make_contact(cast.manager, company=foreign)
    body = sign_in(cast.manager).get(reverse("crm:contact", args=[person.pk])).content.decode()
    assert "Canary" not in body
    assert "client-business" not in body


def test_an_address_is_shown_on_a_map_only_by_a_click(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager, address="Długa 1", city="Łódź", country="Poland")
    body = sign_in(cast.manager).get(card(company)).content.decode()
    link = "https://www.openstreetmap.org/search?query=D%C5%82uga%201%2C%20%C5%81%C3%B3d%C5%BA%2C%20Poland"
    assert f'href="{link}" rel="noopener noreferrer" target="_blank"' in body
    assert 'src="https' not in body


def test_a_merged_client_leads_to_the_one_it_is_now(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    survivor, gone = make_company(cast.manager, "Stays"), make_company(cast.manager, "Went", deleted_at=now)
    Merge.objects.create(noun="company", survivor=survivor.pk, merged=gone.pk, name="Went", by=cast.manager, at=now)
    client = sign_in(cast.manager)
    answer = client.get(card(gone))
    assert (answer.status_code, answer["Location"]) == (302, card(survivor))
    assert sign_in(cast.stranger).get(card(gone)).status_code == 404
    shares.share(record=survivor, with_=cast.teammate, by=cast.manager, at=now)
    assert sign_in(cast.teammate).get(card(gone)).status_code == 302
    Merge.objects.update(undone_at=now, undone_by=cast.manager)
    assert sign_in(cast.manager).get(card(gone)).status_code == 404
