"""Contacts as pages: the card with past employers, several phones and e-mails, and the verbs."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Contact, Employment
from crm.services import contacts
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, contact: Contact) -> str:
    return reverse(f"crm:contact{name}", args=[contact.pk])


@pytest.mark.parametrize("verb", ["", "-edit", "-move", "-give", "-delete"])
def test_a_stranger_gets_404_and_changes_nothing(verb: str, cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    client = sign_in(cast.stranger)
    assert client.get(url(verb, contact)).status_code == 404
    if verb:
        sent = {"name": "Stolen", "to": cast.stranger.pk, "on": "2026-10-20"}
        assert client.post(url(verb, contact), sent).status_code == 404
    contact.refresh_from_db()
    assert (contact.name, contact.owner, contact.deleted_at) == ("Nadia Bauer", cast.manager, None)


def test_a_contact_with_several_phones_and_mails_is_created(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    sent = {
        "name": "Nadia Bauer", "title": "IT Lead", "company": company.pk, "phones": ["+49 40 555 9689", "", "+48 600 100 200"],
        "emails": ["Nadia@quarry.example", ""],
    }  # fmt: skip
    answer = sign_in(cast.manager).post(reverse("crm:contact-new"), sent, **HTMX)
    contact = Contact.objects.get()
    assert answer["HX-Redirect"] == url("", contact)
    assert [phone.number for phone in contact.phones.all()] == ["+49 40 555 9689", "+48 600 100 200"]
    assert [mail.address for mail in contact.emails.all()] == ["nadia@quarry.example"]
    assert contact.company == company


def test_a_wrong_phone_is_told_at_its_field(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(reverse("crm:contact-new"), {"name": "Nadia", "phones": ["none"]}, **HTMX)
    assert answer.status_code == 422
    assert "Write the phone with digits" in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_foreign_company_cannot_be_chosen(cast: Cast, sign_in: SignIn) -> None:
    foreign = make_company(cast.stranger, "Canary Industries")
    answer = sign_in(cast.manager).post(reverse("crm:contact-new"), {"name": "Nadia", "company": foreign.pk}, **HTMX)
    assert answer.status_code == 422
    assert "Canary" not in answer.content.decode()
    assert not Contact.objects.exists()


def test_one_alike_is_told_while_typing(cast: Cast, sign_in: SignIn) -> None:
    there = contacts.add(by=cast.manager, at=timezone.now(), name="Nadia Bauer", phones=["+48 600 100 200"])
    client = sign_in(cast.manager)
    told = client.get(reverse("crm:contact-alike"), {"name": "N", "phones": ["600 100 200"]}, **HTMX).content.decode()
    assert url("", there) in told
    assert url("", there) not in client.get(reverse("crm:contact-alike"), {"name": "N"}, **HTMX).content.decode()


def test_numbers_that_stay_keep_their_labels(cast: Cast, sign_in: SignIn) -> None:
    phones = [("+48 600 100 200", "work"), ("+48 600 100 201", "home")]
    contact = contacts.add(by=cast.manager, at=timezone.now(), name="Nadia Bauer", phones=phones)
    sent = {"name": "Nadia Bauer", "phones": ["+48 600 100 200", "+48 600 100 299"]}
    assert sign_in(cast.manager).post(url("-edit", contact), sent, **HTMX).status_code == 204
    kept = list(contact.phones.values_list("number", "label"))
    assert kept == [("+48 600 100 200", "work"), ("+48 600 100 299", "")]


def test_a_contact_who_moves_keeps_the_past_on_both_cards(cast: Cast, sign_in: SignIn) -> None:
    before, after = make_company(cast.manager, "Quarry"), make_company(cast.manager, "Baltic")
    contact = make_contact(cast.manager, company=before, title="Buyer")
    Employment.objects.create(contact=contact, company=before, title="Buyer", starts_on=date(2024, 5, 1))
    client = sign_in(cast.manager)
    sent = {"to": after.pk, "title": "Director", "on": timezone.localdate().isoformat()}
    assert client.post(url("-move", contact), sent, **HTMX).status_code == 204
    contact.refresh_from_db()
    assert contact.company == after
    card = client.get(url("", contact)).content.decode()
    assert "Quarry" in card
    assert "Buyer, 1 May 2024" in card
    left = client.get(reverse("crm:company", args=[before.pk])).content.decode()
    assert "Nadia Bauer" in left
    assert "Buyer until" in left


def test_a_move_from_a_day_that_has_not_come_is_refused(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    contact = make_contact(cast.manager)
    answer = sign_in(cast.manager).post(url("-move", contact), {"to": company.pk, "on": "2099-01-01"}, **HTMX)
    assert answer.status_code == 422
    contact.refresh_from_db()
    assert contact.company is None


def test_a_contact_with_open_tasks_is_not_deleted(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    contact = make_contact(cast.manager)
    make_task(cast.manager, clock.now, contact=contact)
    refused = sign_in(cast.manager).post(url("-delete", contact), **HTMX)
    assert refused.status_code == 422
    assert "Finish or drop them first" in refused.content.decode()


def test_the_employer_out_of_sight_is_named_but_not_linked(cast: Cast, sign_in: SignIn) -> None:
    foreign = make_company(cast.stranger, "Quarry & Sons")
    contact = make_contact(cast.manager, company=foreign)
    card = sign_in(cast.manager).get(url("", contact)).content.decode()
    assert reverse("crm:company", args=[foreign.pk]) not in card


def test_the_card_costs_the_same_with_fifty_times_the_rows(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    contact = make_contact(cast.manager, company=make_company(cast.manager))

    def more(times: int = 50) -> None:
        for number in range(times):
            deal = make_deal(cast.manager, f"Deal {number}")
            deal.contacts.add(contact)
            make_task(cast.manager, clock.now, contact=contact)
            make_activity(cast.manager, clock.now, contact=contact, deal=deal).others.add(make_contact(cast.manager))

    more(1)
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "client-refresh"}
    assert_budget(sign_in(cast.manager), url("", contact), 5, more, **headers)
