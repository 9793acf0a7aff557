"""Two people at once: what only one changed is kept, what both changed is asked, nothing is written over unseen."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm import stale
from crm.models import Company, Contact, Deal, Product, Tag, Task
from crm.services import companies, contacts, deals, tasks
from crm.services.lines import LineSpec
from tests.factories.crm import make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def company(cast: Cast, clock: Clock) -> Company:
    """A company as it was when both opened its form; an hour has passed since."""
    made = make_company(cast.manager, city="Gdynia", note="Calls on Mondays", revenue_minor=100_00)
    clock.set("2026-10-20 11:00")
    return made


def fields_of(answer: Any) -> dict[str, list[str]]:
    """What a form would send as it stands: the hidden values and the inputs of an answer."""
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", answer.content.decode()):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag, re.DOTALL)
        if name and 'type="radio"' not in tag and name[1] != "csrfmiddlewaretoken":
            sent.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return sent


def opened(client: Client, noun: str, record: Model, verb: str = "edit") -> dict[str, list[str]]:
    """The hidden stamps of a form as it is opened now."""
    found = fields_of(client.get(reverse(f"crm:{noun}-{verb}", args=[record.pk]), headers=HTMX))
    return {name: found[name] for name in ("seen_at", "seen")}


def post(client: Client, noun: str, record: Model, values: dict[str, Any], verb: str = "edit") -> Any:
    return client.post(reverse(f"crm:{noun}-{verb}", args=[record.pk]), values, headers=HTMX)


def typed(company: Company, seen_at: datetime, **values: Any) -> dict[str, Any]:
    """The whole form of the company as it was first, with these fields changed."""
    first = {"name": "Acme", "city": "Gdynia", "note": "Calls on Mondays", "revenue_minor": "100", "currency": "EUR"}
    return {**first, "seen_at": seen_at.isoformat(), **values}


def by_head(cast: Cast, clock: Clock, company: Company, **changes: Any) -> datetime:
    """What the head saves meanwhile; returns what the manager saw before."""
    seen_at = Company.objects.get(pk=company.pk).changed_at
    fresh = Company.objects.get(pk=company.pk)
    companies.edit(company=fresh, by=cast.head, at=clock.now, **changes)
    return seen_at


def test_fields_that_only_one_of_two_changed_are_both_kept(
    cast: Cast, clock: Clock, sign_in: SignIn, company: Company
) -> None:
    seen_at = by_head(cast, clock, company, city="Sopot")
    answer = post(sign_in(cast.manager), "company", company, typed(company, seen_at, note="Calls on Tuesdays"))
    assert answer.status_code == 204
    company.refresh_from_db()
    assert (company.city, company.note) == ("Sopot", "Calls on Tuesdays")


def test_what_both_changed_alike_is_not_asked(cast: Cast, clock: Clock, sign_in: SignIn, company: Company) -> None:
    seen_at = by_head(cast, clock, company, city="Sopot")
    answer = post(sign_in(cast.manager), "company", company, typed(company, seen_at, city="Sopot"))
    assert answer.status_code == 204


def test_what_both_changed_is_asked_with_both_versions_and_who_was_faster(
    cast: Cast, clock: Clock, sign_in: SignIn, company: Company
) -> None:
    seen_at = by_head(cast, clock, company, city="Sopot", note="Calls on Fridays")
    sent = typed(company, seen_at, city="Gdańsk", address="Długa 1")
    answer = post(sign_in(cast.manager), "company", company, sent)
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert [text in page for text in ("Gdańsk", "Sopot", str(cast.head), "City")] == [True] * 4
    assert "Calls on Fridays" not in page
    assert Company.objects.get().city == "Sopot"


@pytest.mark.parametrize(("take", "city"), [("mine", "Gdańsk"), ("theirs", "Sopot")])
def test_the_choice_is_saved_with_everything_else_that_was_typed(
    cast: Cast, clock: Clock, sign_in: SignIn, company: Company, take: str, city: str
) -> None:
    client = sign_in(cast.manager)
    seen_at = by_head(cast, clock, company, city="Sopot", industry="Ports")
    asked = post(client, "company", company, typed(company, seen_at, city="Gdańsk", address="Długa 1"))
    answer = post(client, "company", company, fields_of(asked) | {"take-city": take})
    assert answer.status_code == 204
    company.refresh_from_db()
    assert (company.city, company.address, company.industry) == (city, "Długa 1", "Ports")


def test_two_notes_can_both_be_kept(cast: Cast, clock: Clock, sign_in: SignIn, company: Company) -> None:
    client = sign_in(cast.manager)
    seen_at = by_head(cast, clock, company, note="Away in May")
    asked = post(client, "company", company, typed(company, seen_at, note="First line\r\nsecond line"))
    assert post(client, "company", company, fields_of(asked) | {"take-note": "both"}).status_code == 204
    assert Company.objects.get().note == "Away in May\n\nFirst line\r\nsecond line"


def test_without_a_choice_nothing_is_saved_and_it_is_asked_again(
    cast: Cast, clock: Clock, sign_in: SignIn, company: Company
) -> None:
    client = sign_in(cast.manager)
    seen_at = by_head(cast, clock, company, city="Sopot")
    asked = post(client, "company", company, typed(company, seen_at, city="Gdańsk"))
    again = post(client, "company", company, fields_of(asked))
    assert again.status_code == 422
    assert "Choose for each field" in again.content.decode()
    assert Company.objects.get().city == "Sopot"


def test_a_third_change_in_between_is_asked_again(cast: Cast, clock: Clock, sign_in: SignIn, company: Company) -> None:
    client = sign_in(cast.manager)
    seen_at = by_head(cast, clock, company, city="Sopot")
    asked = post(client, "company", company, typed(company, seen_at, city="Gdańsk", address="Długa 1"))
    clock.set("2026-10-20 11:05")
    by_head(cast, clock, company, city="Reda")
    again = post(client, "company", company, fields_of(asked) | {"take-city": "mine"})
    assert again.status_code == 422
    assert "Reda" in again.content.decode()
    assert Company.objects.get().city == "Reda"
    assert post(client, "company", company, fields_of(again) | {"take-city": "mine"}).status_code == 204
    company.refresh_from_db()
    assert (company.city, company.address) == ("Gdańsk", "Długa 1")


def test_a_third_change_of_another_field_is_not_asked(
    cast: Cast, clock: Clock, sign_in: SignIn, company: Company
) -> None:
    client = sign_in(cast.manager)
    seen_at = by_head(cast, clock, company, city="Sopot")
    asked = post(client, "company", company, typed(company, seen_at, city="Gdańsk"))
    clock.set("2026-10-20 11:05")
    by_head(cast, clock, company, industry="Ports")
    assert post(client, "company", company, fields_of(asked) | {"take-city": "mine"}).status_code == 204
    company.refresh_from_db()
    assert (company.city, company.industry) == ("Gdańsk", "Ports")


def test_an_amount_and_its_currency_are_one_question(
    cast: Cast, clock: Clock, sign_in: SignIn, company: Company
) -> None:
    client = sign_in(cast.manager)
    seen_at = by_head(cast, clock, company, revenue_minor=120_00)
    asked = post(client, "company", company, typed(company, seen_at, currency="PLN"))
    page = unescape(asked.content.decode())
    assert [text in page for text in ("€120", "zł")] == [True, True]
    assert page.count('value="mine"') == 1
    assert post(client, "company", company, fields_of(asked) | {"take-revenue_minor": "mine"}).status_code == 204
    company.refresh_from_db()
    assert (company.revenue_minor, company.currency) == (100_00, "PLN")


def test_phones_are_merged_with_other_fields_and_asked_among_themselves(
    cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    client = sign_in(cast.manager)
    contact = make_contact(cast.manager)
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, phones=["+48 600 100 200"])
    stamps = opened(client, "contact", contact)
    clock.set("2026-10-20 11:00")
    contacts.edit(
        contact=Contact.objects.get(), by=cast.head, at=clock.now, phones=["+48 600 100 200", "+48 601 111 111"]
    )
    alone = {**stamps, "name": "Nadia Bauer", "phones": ["+48 600 100 200"], "title": "Buyer"}
    assert post(client, "contact", contact, alone).status_code == 204
    numbers = contact.phones.values_list("number", flat=True)
    assert (list(numbers), Contact.objects.get().title) == (["+48 600 100 200", "+48 601 111 111"], "Buyer")
    both = {**stamps, "name": "Nadia Bauer", "phones": ["+48 602 222 222"], "title": "Buyer"}
    asked = post(client, "contact", contact, both)
    assert asked.status_code == 422
    assert "+48 601 111 111" in unescape(asked.content.decode())
    assert post(client, "contact", contact, fields_of(asked) | {"take-phones": "mine"}).status_code == 204
    assert list(numbers.all()) == ["+48 602 222 222"]


def test_a_new_phone_is_a_version_of_its_contact_by_who_entered_it(cast: Cast, clock: Clock) -> None:
    contact = make_contact(cast.manager)
    moved = clock.set("2026-10-20 11:00")
    contacts.edit(contact=contact, by=cast.head, at=clock.now, phones=["+48 600 100 200"])
    assert (contact.changed_at, contact.changed_by, contact.revision) == (moved, cast.head, 1)
    clock.set("2026-10-20 12:00")
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, phones=["+48 600 100 200"])
    assert (contact.changed_at, contact.revision) == (moved, 1)


def test_products_of_a_deal_are_asked_as_a_whole(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    pump, hose = (Product.objects.create(name=name, price_minor=100_00) for name in ("Pump", "Hose"))
    deal = make_deal(cast.manager)
    stamps = opened(client, "deal", deal, "lines")
    clock.set("2026-10-20 11:00")
    deals.edit(deal=Deal.objects.get(), by=cast.head, at=clock.now, lines=[LineSpec(hose)])
    rows = {**stamps, "product_0": pump.pk, "quantity_0": "3", "price_0": "90"}
    asked = post(client, "deal", deal, rows, "lines")
    assert asked.status_code == 422
    page = unescape(asked.content.decode())
    assert [text in page for text in ("3 × Pump at €90", "1 × Hose at €100")] == [True, True]
    assert post(client, "deal", deal, fields_of(asked) | {"take-lines": "mine"}, "lines").status_code == 204
    line = deal.lines.get()
    assert (line.product, line.quantity, line.price_minor) == (pump, 3, 90_00)


def test_tags_of_a_deal_that_only_the_other_changed_stay(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    deal = make_deal(cast.manager)
    stamps = opened(client, "deal", deal)
    clock.set("2026-10-20 11:00")
    deals.edit(deal=Deal.objects.get(), by=cast.head, at=clock.now, tags=[Tag.objects.create(name="Key client")])
    assert post(client, "deal", deal, {**stamps, "title": "Renewal 2027", "currency": "EUR"}).status_code == 204
    deal.refresh_from_db()
    assert (deal.title, [tag.name for tag in deal.tags.all()]) == ("Renewal 2027", ["Key client"])


def test_a_task_that_two_reword_is_asked(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    task = make_task(cast.manager, clock.now)
    stamps = opened(client, "task", task)
    clock.set("2026-10-20 11:00")
    tasks.edit(task=Task.objects.get(), by=cast.head, at=clock.now, title="Send two offers", kind="email")
    asked = post(client, "task", task, {**stamps, "title": "Call first", "kind": "todo"})
    assert asked.status_code == 422
    assert post(client, "task", task, fields_of(asked) | {"take-title": "mine"}).status_code == 204
    task.refresh_from_db()
    assert (task.title, task.kind) == ("Call first", "email")


def test_one_field_can_be_asked_about_alone(cast: Cast, clock: Clock, company: Company) -> None:
    seen_at = by_head(cast, clock, company, city="Sopot")
    company.refresh_from_db()
    wanted = {"city": "Gdańsk", "name": "Acme Group"}
    found = stale.conflicts("company", company, seen_at=seen_at, changes=wanted, by=cast.manager)
    assert [(one.field, one.mine_text, one.theirs_text, one.by, one.at) for one in found] == [
        ("city", "Gdańsk", "Sopot", cast.head, clock.now)
    ]


def test_a_save_between_looking_and_locking_is_looked_at_again(cast: Cast, clock: Clock, company: Company) -> None:
    """The service raises StaleRecord under its lock; the merge is made once more with what it found."""
    seen_at = company.changed_at
    others = [{"city": "Sopot"}, {"industry": "Ports"}]

    def edit(**words: Any) -> Company:
        if others:
            by_head(cast, clock, company, **others.pop(0))
        return companies.edit(**words)

    stale.save(
        edit, noun="company", record=company, seen_at=seen_at, changes={"note": "Mine"}, by=cast.manager, at=clock.now
    )
    saved = Company.objects.get()
    assert (saved.city, saved.industry, saved.note) == ("Sopot", "Ports", "Mine")
