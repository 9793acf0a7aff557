"""The one mechanism of lists, tried on companies and contacts: filters, order, pages, kept views."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.models import User
from accounts.policy import Use
from crm.lists import Asker, Listing, ListPage, listing
from crm.lists.companies import COMPANIES
from crm.lists.contracts import CONTRACTS
from crm.models import Company, SavedView, Tag
from crm.services import companies, contacts
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
RESULTS = HTMX | {"HTTP_HX_TARGET": "list-results"}
LIST = reverse("crm:company-list")


def names(client: Client, query: str = "", address: str = LIST) -> list[str]:
    answer = client.get(f"{address}?{query}", **RESULTS)
    assert answer.status_code == 200
    return [row["name"] for row in answer.context["list"].rows]


def ask(user: User, **params: str) -> Listing:
    return Listing(COMPANIES, Asker(user, timezone.now()), params)


def test_an_empty_list_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    body = sign_in(cast.manager).get(LIST).content.decode()
    assert "No companies yet." in body
    assert "Add a company" in body
    reading = sign_in(cast.owner).get(LIST).content.decode()
    assert "Add a company" not in reading


def test_everybody_sees_his_own_the_head_his_people_the_owner_all(cast: Cast, sign_in: SignIn) -> None:
    make_company(cast.manager, "Mine")
    make_company(cast.teammate, "Teammate's")
    make_company(cast.stranger, "Stranger's")
    assert names(sign_in(cast.manager)) == ["Mine"]
    assert names(sign_in(cast.head)) == ["Mine", "Teammate's"]
    assert names(sign_in(cast.other_head)) == ["Stranger's"]
    assert names(sign_in(cast.owner)) == ["Mine", "Stranger's", "Teammate's"]
    assert names(sign_in(cast.admin)) == []


def test_filters_combine(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    vip = Tag.objects.create(name="VIP")
    for number, (city, tagged) in enumerate([("Gdynia", True), ("Gdynia", False), ("Sopot", True)]):
        company = make_company(cast.manager, f"C{number}", city=city)
        if tagged:
            company.tags.add(vip)
    client = sign_in(cast.manager)
    assert names(client, f"tags={vip.pk}") == ["C0", "C2"]
    assert names(client, "city=gdy") == ["C0", "C1"]
    assert names(client, f"tags={vip.pk}&city=gdy") == ["C0"]
    assert names(client, "owner=me") == ["C0", "C1", "C2"]
    assert names(client, f"owner={cast.teammate.pk}") == []


def test_neglected_clients_are_found(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    touched, quiet, planned = (make_company(cast.manager, name) for name in ("Touched", "Quiet", "Planned"))
    make_activity(cast.manager, clock.now - timedelta(days=3), company=touched)
    make_activity(cast.manager, clock.now - timedelta(days=40), company=quiet)
    make_task(cast.manager, clock.now, company=planned)
    moment = Asker(cast.manager, clock.now)
    found = {
        query: [row["name"] for row in Listing(COMPANIES, moment, dict([query.split("=")])).rows]
        for query in ("quiet=14", "quiet=60", "bare=1")
    }
    assert found == {"quiet=14": ["Planned", "Quiet"], "quiet=60": ["Planned"], "bare=1": ["Quiet", "Touched"]}


def test_the_search_box_finds_by_word_phone_site_and_tax_number(cast: Cast, sign_in: SignIn) -> None:
    at = timezone.now()
    companies.add(
        by=cast.manager,
        at=at,
        name="Zakłady Śląskie",
        phone="+48 600 100 200",
        domain="zs.example",
        tax_number="PL5250001009",
    )
    companies.add(by=cast.manager, at=at, name="Baltic Foods")
    client = sign_in(cast.manager)
    for query in ("slask", "100200", "zs.example", "525-000-10-09"):
        assert names(client, f"q={query}") == ["Zakłady Śląskie"], query
    contacts.add(
        by=cast.manager, at=at, name="Nadia Bauer", phones=["+49 40 555 9689"], emails=["nadia@quarry.example"]
    )
    for query in ("bauer nadia", "555 9689", "nadia@quarry.example"):
        assert names(client, f"q={query}", reverse("crm:contact-list")) == ["Nadia Bauer"], query


def test_it_sorts_both_ways_by_name_and_by_change(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    for name, wall in (("Beta", "2026-10-20 09:00"), ("Alfa", "2026-10-20 10:00"), ("Gamma", "2026-10-20 08:00")):
        clock.set(wall)
        make_company(cast.manager, name)
    client = sign_in(cast.manager)
    assert names(client) == ["Alfa", "Beta", "Gamma"]
    assert names(client, "sort=-name") == ["Gamma", "Beta", "Alfa"]
    assert names(client, "sort=changed") == ["Alfa", "Beta", "Gamma"]
    assert names(client, "sort=-changed") == ["Gamma", "Beta", "Alfa"]
    assert names(client, "sort=password") == names(client, "sort=owner") == ["Alfa", "Beta", "Gamma"]


@pytest.mark.parametrize("sort", ["name", "-name", "changed", "-changed"])
def test_pages_go_forth_and_back_over_the_same_names(sort: str, cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    for number in range(120):
        clock.set(f"2026-10-20 10:{number // 4:02}")
        make_company(cast.manager, f"Acme {number // 3:02}")
    client = sign_in(cast.manager)
    forth, address = [], f"{LIST}?sort={sort}"
    pages = []
    while address:
        shown = client.get(address, **RESULTS).context["list"]
        pages.append([row["url"] for row in shown.rows])
        forth += pages[-1]
        address, back = shown.next, shown.previous
    assert len(forth) == len(set(forth)) == 120
    assert [len(page) for page in pages] == [50, 50, 20]
    shown = client.get(back, **RESULTS).context["list"]
    assert [row["url"] for row in shown.rows] == pages[1]
    shown = client.get(shown.previous, **RESULTS).context["list"]
    assert [row["url"] for row in shown.rows] == pages[0]
    assert shown.previous == ""


def cursor(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        "after=nonsense", "before=%00", "after=" + cursor(["a\x00", 1]), "after=" + cursor(["a", "1"]), "after=" + cursor([None, 1]),
        "after=" + cursor({"a": 1}), "sort=changed&after=" + cursor(["2026-10-20T10:00:00", 1]), "sort=changed&after=" + cursor(["x", 1]),
        "owner=0x1", "owner=99999999999999999999", "owner=-1", "tags=1 OR 1=1", "quiet=15", "bare=2", "after=" + "A" * 4000,
    ],
)  # fmt: skip
def test_what_was_not_written_by_the_list_is_left_out(query: str, cast: Cast, sign_in: SignIn) -> None:
    make_company(cast.manager, "Mine")
    assert names(sign_in(cast.manager), query) == ["Mine"]


def test_the_count_stops_at_a_thousand(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 2)
    make_company(cast.manager, "A")
    assert ask(cast.manager).counted == "1 company"
    make_company(cast.manager, "B")
    assert ask(cast.manager).counted == "2 companies"
    make_company(cast.manager, "C")
    assert ask(cast.manager).counted == "2+ companies"


def test_what_somebody_may_not_read_is_neither_shown_nor_asked_nor_sorted_by(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(user: object, model: object, use: Use) -> frozenset[str]:
        return frozenset({"name", "city"}) if model is Company else frozenset()

    make_company(cast.manager, "A", industry="Secret")
    make_company(cast.manager, "B", industry="Other")
    monkeypatch.setattr("crm.lists.pages.policy.fields", without)
    shown = ask(cast.manager, industry="Secret", owner="me", sort="changed", bare="1")
    assert [column.key for column in shown.columns] == ["name"]
    assert [drawn.filter.key for drawn in shown.filters] == ["city", "missing", "filled"]
    assert shown.query == ""
    assert [row["name"] for row in shown.rows] == ["A", "B"]


def test_the_same_question_has_one_address(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).get(f"{LIST}?sort=name&bare=1&city=&q=+acme+&utm=x", **RESULTS)
    assert answer["HX-Push-Url"] == f"{LIST}?q=acme&bare=1"
    assert "HX-Target" in answer["Vary"]


def test_a_view_is_kept_under_a_name_shown_as_a_tab_and_forgotten(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    save = f"{reverse('crm:view-save')}?page=companies&query=city%3DGdynia%26page%3D9%26after%3Dx"
    assert client.get(save, **HTMX).status_code == 200
    assert client.post(save, {"name": " "}, **HTMX).status_code == 422
    answer = client.post(save, {"name": "Gdynia"}, **HTMX)
    assert answer["HX-Redirect"] == f"{LIST}?city=Gdynia"
    view = SavedView.objects.get()
    assert (view.user, view.page, view.query) == (cast.manager, "companies", "city=Gdynia")
    shown = client.get(f"{LIST}?city=Gdynia", **RESULTS).context["list"]
    assert [str(tab.label) for tab in shown.tabs if tab.current] == ["Gdynia"]
    assert not shown.may_keep
    assert sign_in(cast.teammate).post(reverse("crm:view-forget", args=[view.pk]), **HTMX).status_code == 404
    assert [str(tab.label) for tab in client.get(LIST, **RESULTS).context["list"].tabs][-1] != "Gdynia"
    assert sign_in(cast.manager).post(reverse("crm:view-forget", args=[view.pk]), **HTMX).status_code == 200
    assert not SavedView.objects.exists()


def test_a_view_of_no_list_is_no_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    for page in ("", "users", "../companies"):
        assert client.get(reverse("crm:view-save"), {"page": page}).status_code == 404


def test_what_hangs_on_a_client_but_is_out_of_sight_leaves_no_trace(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager, "Mine")
    contact = make_contact(cast.manager, "Nadia")
    make_task(cast.stranger, clock.now + timedelta(days=1), "Canary step", company=company, contact=contact)
    deal = make_deal(cast.stranger, "Canary deal", company=company)
    deal.contacts.add(contact)
    client = sign_in(cast.manager)
    for address in (LIST, reverse("crm:contact-list")):
        body = client.get(address, **RESULTS).content.decode()
        assert "Canary" not in body
        assert "No next step" not in re.sub(r"<nav.*?</nav>|title=\"[^\"]*\"", "", body, flags=re.DOTALL)
        assert len(names(client, "bare=1", address)) == 1


@pytest.mark.parametrize("noun", ["company", "contact"])
def test_a_list_costs_two_statements_however_many_rows(noun: str, cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    SavedView.objects.create(user=cast.manager, page="companies", name="Kept", query="city=Gdynia")

    def more(times: int = 50) -> None:
        for number in range(times):
            company = make_company(cast.manager, f"Company {number}")
            contact = make_contact(cast.manager, f"Contact {number}", company=company)
            make_deal(cast.manager, company=company).contacts.add(contact)
            make_task(cast.manager, clock.now, company=company, contact=contact)
            make_activity(cast.manager, clock.now, company=company, contact=contact)

    more(1)
    address = f"{reverse(f'crm:{noun}-list')}?owner={cast.manager.pk}&quiet=14&sort=-changed"
    for headers in (RESULTS, HTMX | {"HTTP_HX_TARGET": "list"}):
        assert_budget(sign_in(cast.manager), address, 2, more, **headers)
    assert_budget(sign_in(cast.manager), reverse(f"crm:{noun}-list"), 2, more, **RESULTS)


@pytest.mark.parametrize(("page", "key"), [(COMPANIES, "quiet"), (CONTRACTS, "ends")])
def test_choices_with_a_number_wait_for_the_readers_language(page: ListPage, key: str) -> None:
    options = next(one.options for one in page.filters if one.key == key)
    assert all(isinstance(label, Promise) for _value, label in options)


def test_choices_with_a_number_are_in_the_readers_language() -> None:
    options = next(one.options for one in COMPANIES.filters if one.key == "quiet")
    with translation.override("en"):
        english = {str(label) for _value, label in options}
    with translation.override("pl"):
        assert not {str(label) for _value, label in options} & english
