"""Autocomplete: what somebody may see, by what he types."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Tag
from crm.services import companies, contacts
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_contact, make_deal
from tests.factories.people import Cast

SignIn = Callable[[User], Client]


def texts(client: Client, noun: str, query: str = "") -> list[str]:
    answer = client.get(reverse("crm:suggest", args=[noun]), {"q": query})
    assert answer.status_code == 200
    return [option["text"] for option in answer.json()]


def test_companies_by_words_in_any_order_and_by_the_end_of_a_phone(cast: Cast, sign_in: SignIn) -> None:
    at = timezone.now()
    companies.add(by=cast.manager, at=at, name="Zakłady Śląskie", phone="+48 600 100 200", city="Katowice")
    companies.add(by=cast.manager, at=at, name="Baltic Foods", domain="baltic.example")
    client = sign_in(cast.manager)
    assert texts(client, "company", "slask zakl") == ["Zakłady Śląskie · Katowice"]
    assert texts(client, "company", "100 200") == ["Zakłady Śląskie · Katowice"]
    assert texts(client, "company", "baltic.example") == ["Baltic Foods"]
    assert texts(client, "company") == ["Baltic Foods", "Zakłady Śląskie · Katowice"]


def test_contacts_deals_people_and_tags(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager, "Quarry")
    contacts.add(by=cast.manager, at=timezone.now(), name="Елена Соколова", company=company)
    make_deal(cast.manager, "Fleet renewal", company=company)
    make_deal(cast.manager, "Fleet lost", status="lost", company=company)
    Tag.objects.create(name="Trade fair")
    client = sign_in(cast.manager)
    assert texts(client, "contact", "сокол") == ["Елена Соколова · Quarry"]
    assert texts(client, "deal", "fleet") == ["Fleet renewal · Quarry"]
    assert texts(client, "person", "team tom") == [f"Tomasz Teammate · {cast.teammate.email}"]
    assert texts(client, "tag", "fair") == ["Trade fair"]


@pytest.mark.parametrize("noun", ["company", "contact", "deal"])
def test_nothing_foreign_is_suggested(noun: str, cast: Cast, sign_in: SignIn) -> None:
    make_company(cast.stranger, "Canary")
    make_contact(cast.stranger, "Canary")
    make_deal(cast.stranger, "Canary")
    client = sign_in(cast.manager)
    assert texts(client, noun) == []
    assert texts(client, noun, "canary") == []
    assert texts(sign_in(cast.admin), noun, "canary") == []
    assert len(texts(sign_in(cast.owner), noun, "canary")) == 1


@pytest.mark.parametrize("query", ["%", "'; --", "\x00", "...", "a" * 5000, "ё" * 300, "0"])
def test_odd_questions_have_plain_answers(query: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    for noun in ("company", "contact", "deal", "person", "tag"):
        assert texts(client, noun, query) in ([], texts(client, noun))


def test_an_unknown_noun_is_no_page(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).get(reverse("crm:suggest", args=["password"])).status_code == 404


def test_it_costs_one_statement_and_brings_twenty(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    address = f"{reverse('crm:suggest', args=['company'])}?q=acme"
    assert_budget(client, address, 1, lambda: [make_company(cast.manager, f"Acme {n}") for n in range(50)])
    assert len(client.get(address).json()) == 20
