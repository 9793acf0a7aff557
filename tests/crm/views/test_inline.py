"""Facts changed where they stand: shown, asked, saved, refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Company, Contact, Deal, Tag
from crm.services import contacts
from tests.factories.crm import make_company, make_contact, make_deal, make_field
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def at(record: Any, name: str) -> str:
    noun = {Company: "company", Contact: "contact", Deal: "deal"}[type(record)]
    return reverse("crm:inline", args=[noun, record.pk, name])


def test_the_editor_has_the_one_field_and_saving_answers_with_the_value(
    cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    company, client = make_company(cast.manager, city="Lodz", phone="+48 600 100 200"), sign_in(cast.manager)
    editor = client.get(at(company, "city"), **HTMX).content.decode()
    assert 'value="Lodz"' in editor
    assert "+48 600 100 200" not in editor
    answer = client.post(at(company, "city"), {"city": "  Łódź "}, **HTMX)
    company.refresh_from_db()
    assert (answer.status_code, company.city, company.phone) == (200, "Łódź", "+48 600 100 200")
    assert f'id="value-company-{company.pk}-city"' in answer.content.decode()
    assert "fact-saved" in answer["HX-Trigger"]


def test_what_the_edit_form_refuses_is_refused_here_too(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company, client = make_company(cast.manager, email="info@acme.example"), sign_in(cast.manager)
    answer = client.post(at(company, "email"), {"email": "not an address"}, **HTMX)
    assert answer.status_code == 422
    assert "not an address" in answer.content.decode()
    company.refresh_from_db()
    assert company.email == "info@acme.example"


def test_escape_gets_the_value_as_it_is_now(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager, domain="acme.example")
    shown = sign_in(cast.manager).get(at(company, "domain") + "?shown", **HTMX).content.decode()
    assert 'href="https://acme.example/"' in shown
    assert 'rel="noopener noreferrer"' in shown
    assert "<form" not in shown


def test_phones_of_a_contact_keep_their_labels(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    contact = contacts.add(by=cast.manager, at=clock.now, name="Nadia", phones=[("+48 600 100 200", "office")])
    client = sign_in(cast.manager)
    answer = client.post(at(contact, "phones"), {"phones": ["+48 600 100 200", "+48 600 100 300"]}, **HTMX)
    assert 'href="tel:+48600100300"' in answer.content.decode()
    assert list(contact.phones.values_list("number", "label")) == [
        ("+48 600 100 200", "office"),
        ("+48 600 100 300", ""),
    ]


def test_an_amount_is_asked_with_its_currency(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    deal, client = make_deal(cast.manager, amount_minor=100_00, currency="EUR"), sign_in(cast.manager)
    assert 'name="currency"' in client.get(at(deal, "amount_minor"), **HTMX).content.decode()
    answer = client.post(at(deal, "amount_minor"), {"amount_minor": "12 000,50", "currency": "PLN"}, **HTMX)
    deal.refresh_from_db()
    assert answer.status_code == 200
    assert (deal.amount_minor, deal.currency) == (1_200_050, "PLN")
    assert client.get(at(deal, "currency"), **HTMX).status_code == 404


@pytest.mark.parametrize("name", ["title", "expected_close", "note", "company", "contacts", "tags"])
def test_every_fact_of_a_deal_is_shown_and_asked(name: str, cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager)
    deal = make_deal(cast.manager, company=company, expected_close="2026-11-01", note="Two <b>lines</b>")
    deal.contacts.add(make_contact(cast.manager))
    deal.tags.add(Tag.objects.create(name="Key"))
    client = sign_in(cast.manager)
    assert client.get(at(deal, name), **HTMX).status_code == 200
    shown = client.get(at(deal, name) + "?shown", **HTMX).content.decode()
    assert "c-inline__shown" in shown
    assert "<b>lines" not in shown


def test_own_fields_are_edited_in_place_too(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    own = make_field(label="Size of the fleet")
    company, client = make_company(cast.manager), sign_in(cast.manager)
    name = f"custom.{own.key}"
    answer = client.post(at(company, name), {name: "12 lorries"}, **HTMX)
    company.refresh_from_db()
    assert company.custom == {own.key: "12 lorries"}
    assert "12 lorries" in answer.content.decode()


def test_only_who_may_edit_gets_an_editor(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager, city="Lodz")
    for who in (cast.stranger, cast.teammate, cast.owner):
        client = sign_in(who)
        assert client.get(at(company, "city"), **HTMX).status_code == 404
        assert client.post(at(company, "city"), {"city": "Stolen"}, **HTMX).status_code == 404
    shown = sign_in(cast.owner).get(at(company, "city") + "?shown", **HTMX)
    assert "Lodz" in shown.content.decode()
    assert "data-inline" not in shown.content.decode()
    company.refresh_from_db()
    assert company.city == "Lodz"


@pytest.mark.parametrize("name", ["owner", "seen_at", "overridden", "folded", "custom.nothing", "custom"])
def test_what_is_no_fact_is_not_there(name: str, cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    assert client.get(at(company, name), **HTMX).status_code == 404
    assert client.get(at(company, name) + "?shown", **HTMX).status_code == 404
    assert client.post(at(company, name), {name: "1"}, **HTMX).status_code == 404
    assert client.get(f"/inline/task/{company.pk}/title/", **HTMX).status_code == 404


def test_two_people_at_once_are_asked_which_value_is_kept(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company, client = make_company(cast.manager, city="Lodz"), sign_in(cast.manager)
    form = client.get(at(company, "city"), **HTMX).context["form"]
    seen_at = form.initial["seen_at"]
    clock.set("2026-10-20 10:01")
    client.post(at(company, "city"), {"city": "Gdansk"}, **HTMX)
    clock.set("2026-10-20 10:02")
    clash = client.post(at(company, "city"), {"city": "Sopot", "seen_at": seen_at, "seen": "{}"}, **HTMX)
    assert (clash.status_code, clash["HX-Retarget"]) == (422, "#dialog")
    company.refresh_from_db()
    assert company.city == "Gdansk"
    taken = clash.context["form"].clash
    sent = {"city": "Sopot", "seen_at": seen_at, "seen": "{}", "met_at": taken.met_at, "take-city": "mine"}
    answer = client.post(at(company, "city"), sent, **HTMX, HTTP_HX_TARGET="dialog")
    company.refresh_from_db()
    assert (answer.status_code, company.city) == (200, "Sopot")
    assert "close-dialog" in answer["HX-Trigger"]
    assert 'hx-swap-oob="true"' in answer.content.decode()
