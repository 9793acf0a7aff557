"""Many at once on pages, lists taken out as files, columns and days that somebody chose, views of the team."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessEvent, User
from crm import custom
from crm.lists import Asker, Listing
from crm.lists.companies import COMPANIES
from crm.lists.deals import DEALS
from crm.lists.selection import page_of, selected
from crm.models import BulkChange, Company, SavedView, StandardView, Tag
from crm.services import exporting, views
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_field, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
RESULTS = HTMX | {"HTTP_HX_TARGET": "list-results"}
LIST = reverse("crm:company-list")
EDIT = reverse("crm:bulk", args=["company", "edit"])


def names(page: object, user: User, clock: Clock, **params: str) -> list[str]:
    return [row["name"] for row in Listing(page, Asker(user, clock.now), params).rows]  # type: ignore[arg-type]


def test_the_preview_counts_and_the_answer_undoes(cast: Cast, sign_in: SignIn) -> None:
    first, second = make_company(cast.manager, "A"), make_company(cast.manager, "B", city="Gdynia")
    client = sign_in(cast.manager)
    data = {
        "ids": f"{first.pk},{second.pk}",
        "field": "city",
        "value": "Gdynia",
        "key": "6f0c64ff-6f3c-4f4e-9c3b-2b7ff0b9f0aa",
    }
    assert "New value" in client.post(EDIT, {"ids": data["ids"]}, **HTMX).content.decode()
    body = client.post(EDIT, data | {"step": "preview"}, **HTMX).content.decode()
    assert "<b>1 company</b> of 2 companies will change." in body
    assert "stay: already so" in body
    for _twice in range(2):
        answer = client.post(EDIT, data | {"step": "apply"}, **HTMX)
        assert answer.status_code == 204
    change = BulkChange.objects.get()
    assert f"/bulk/{change.pk}/undo/" in answer["HX-Trigger"]
    assert "list-changed" in answer["HX-Trigger"]
    assert "City changed" in client.get(reverse("crm:bulk-list")).content.decode()
    answer = client.post(reverse("crm:bulk-undo", args=[change.pk]), **HTMX)
    assert "1 taken back." in answer["HX-Trigger"]
    assert Company.objects.get(pk=first.pk).city == ""
    assert "Taken back" in client.get(reverse("crm:bulk-list")).content.decode()


def test_all_of_the_filter_are_those_that_it_finds(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    for number in range(60):
        make_company(cast.manager, f"C{number}", city="Gdynia" if number else "Sopot")
    make_company(cast.stranger, "Foreign", city="Gdynia")
    data = {"every": "1", "query": "city=gdy", "field": "industry", "value": "Steel", "step": "apply"}
    assert sign_in(cast.manager).post(EDIT, data, **HTMX).status_code == 204
    assert Company.objects.filter(industry="Steel").count() == 59
    chosen = selected("companies", cast.manager, "city=sop", [], clock.now)
    assert [company.city for company in chosen] == ["Sopot"]


def test_nothing_chosen_is_told_and_no_verb_is_made_up(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    answer = client.post(EDIT, {"field": "city", "value": "x", "step": "apply"}, **HTMX)
    assert (answer.status_code, b"Nothing is selected any more" in answer.content) == (422, True)
    for noun, verb in (("company", "destroy"), ("user", "edit"), ("deal", "delete")):
        assert client.post(reverse("crm:bulk", args=[noun, verb]), {"ids": "1"}, **HTMX).status_code == 404


def test_columns_are_chosen_kept_in_the_address_and_hidden_ones_cost_nothing(cast: Cast, sign_in: SignIn) -> None:
    make_company(cast.manager, "A", tax_number="PL525", city="Gdynia")
    client = sign_in(cast.manager)
    shown = client.get(f"{LIST}?cols=tax_number,city,nonsense,tax_number", **RESULTS)
    listing = shown.context["list"]
    assert [column.key for column in listing.columns] == ["name", "tax_number", "city"]
    assert (listing.query, shown["HX-Push-Url"]) == ("cols=tax_number,city", f"{LIST}?cols=tax_number,city")
    assert "next_task" not in listing._page.rows[0]
    assert "PL525" in shown.content.decode()
    assert client.get(f"{LIST}?cols=industry,owner,touched,step,changed", **RESULTS).context["list"].query == ""
    dialog = client.get(f"{reverse('crm:list-columns', args=['companies'])}?query=cols%3Dcity", **HTMX).content.decode()
    assert dialog.index('value="city" checked') < dialog.index('value="industry"')


def test_values_combine_days_are_words_and_amounts_have_two_ends(cast: Cast, clock: Clock) -> None:
    vip, old = Tag.objects.create(name="VIP"), Tag.objects.create(name="Old")
    soon = make_deal(cast.manager, "Soon", expected_close=date(2026, 10, 23), amount_minor=1000_00)
    later = make_deal(cast.manager, "Later", expected_close=date(2026, 11, 30), amount_minor=2000, currency="JPY")
    make_deal(cast.teammate, "Theirs")
    soon.tags.add(vip, old)
    later.tags.add(old)
    head = cast.head
    asked = {
        f"owner={cast.manager.pk},{cast.teammate.pk}": ["Soon", "Later", "Theirs"], f"owner=me,{cast.teammate.pk}": ["Theirs"],
        f"tags={vip.pk},{old.pk}": ["Soon", "Later"], "tags=none": ["Theirs"], "tags=any": ["Soon", "Later"],
        "close=this_week": ["Soon"], "close=next_month": ["Later"], "close=none": ["Theirs"], "close=2026-10-23..2026-10-23": ["Soon"],
        "close=2026-11-01..": ["Later"], "close=..2026-10-31": ["Soon"], "amount=1000..1500": ["Soon"], "amount=1500..": ["Later"],
        "close=2026-02-31..": ["Soon", "Later", "Theirs"], "amount=x..y": ["Soon", "Later", "Theirs"], "status=open,won": ["Soon", "Later", "Theirs"],
        "opened=today": ["Soon", "Later", "Theirs"], "opened=yesterday": [],
    }  # fmt: skip
    found = {query: set(names(DEALS, head, clock, **dict([query.split("=")]))) for query in asked}
    assert found == {query: set(listed) for query, listed in asked.items()}


def test_gaps_and_the_last_touch_are_found(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "Bare")
    full = make_company(cast.manager, "Full", phone="1", email="a@b.example")
    make_activity(cast.manager, clock.now - timedelta(days=40), company=full)
    assert names(COMPANIES, cast.manager, clock, missing="phone,email") == ["Bare"]
    assert names(COMPANIES, cast.manager, clock, filled="phone,email") == ["Full"]
    assert names(COMPANIES, cast.manager, clock, touched="this_month") == []
    assert names(COMPANIES, cast.manager, clock, touched="2026-09-01..2026-09-30") == ["Full"]
    make_activity(cast.manager, clock.now, company=full)
    assert names(COMPANIES, cast.manager, clock, touched="2026-09-01..2026-09-30") == []


def test_a_chip_for_each_filter_says_what_it_is_and_takes_it_away(cast: Cast, sign_in: SignIn) -> None:
    query = (
        f"q=acme&owner=me,{cast.teammate.pk}&bare=1&created_from=2020-01-01&created_to=2020-03-01&revenue_from=1 000"
    )
    chips = sign_in(cast.head).get(f"{LIST}?{query}", **RESULTS).context["list"].chips
    assert [(str(chip.label), chip.words.replace("\u202f", " ")) for chip in chips] == [
        ("Search", "“acme”"), ("Owner", "Mine, Tomasz Teammate"), ("", "No next step"), ("Added", "1 Jan 2020 – 1 Mar 2020"),
        ("Yearly revenue", "from 1 000"),
    ]  # fmt: skip
    assert chips[2].href == f"{LIST}?q=acme&owner=me,{cast.teammate.pk}&created=2020-01-01..2020-03-01&revenue=1000.."


def test_a_head_offers_a_view_to_his_team_and_a_list_opens_with_it(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    save = f"{reverse('crm:view-save')}?page=companies&query=city%3DGdynia"
    assert 'name="team"' not in sign_in(cast.manager).get(save, **HTMX).content.decode()
    client = sign_in(cast.head)
    assert client.post(save, {"name": "Foreign", "team": cast.other_team.pk}, **HTMX).status_code == 422
    assert client.post(save, {"name": "Coast", "team": cast.team.pk}, **HTMX).status_code == 200
    view = SavedView.objects.get()
    tabs = {person: ask_tabs(sign_in(person)) for person in (cast.manager, cast.head, cast.stranger, cast.owner)}
    assert [("Coast" in tabs[one]) for one in (cast.manager, cast.head, cast.stranger, cast.owner)] == [
        True,
        True,
        False,
        False,
    ]
    member = sign_in(cast.manager)
    assert member.post(reverse("crm:view-forget", args=[view.pk]), **HTMX).status_code == 404
    assert member.get(reverse("crm:view-edit", args=[view.pk]), **HTMX).status_code == 404
    assert member.post(reverse("crm:view-standard"), {"page": "companies", "view": view.pk}, **HTMX).status_code == 200
    assert member.get(LIST)["Location"] == f"{LIST}?city=Gdynia"
    assert member.get(f"{LIST}?all=1").context["list"].query == ""
    edited = sign_in(cast.head).post(
        f"{reverse('crm:view-edit', args=[view.pk])}?query=city%3DSopot",
        {"name": "Sea", "team": cast.team.pk, "renew": "on"},
        **HTMX,
    )
    assert edited["HX-Redirect"] == f"{LIST}?city=Sopot"
    assert sign_in(cast.manager).get(LIST)["Location"] == f"{LIST}?city=Sopot"
    views.edit(view=SavedView.objects.get(), team=None, by=cast.head, at=clock.now)
    assert not StandardView.objects.exists()
    assert sign_in(cast.manager).get(LIST).status_code == 200


def ask_tabs(client: Client) -> list[str]:
    return [str(tab.label) for tab in client.get(LIST, **RESULTS).context["list"].tabs]


def export(client: Client, noun: str = "companies", **data: str) -> bytes:
    answer = client.post(reverse("crm:list-export", args=[noun]), data)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_a_file_holds_exactly_what_the_list_shows(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    make_field(key="fleet", kind="number", label="Fleet")
    custom.forget()
    make_company(
        cast.manager, "=cmd|' /C calc'!A0", phone="+48 600", revenue_minor=1250_50, city="Gdynia", custom={"fleet": "7"}
    )
    make_company(cast.manager, "Baltic", city="Gdańsk")
    make_company(cast.stranger, "Foreign", city="Gdynia")
    query = "city=gd&cols=phone,revenue,custom.fleet,created&sort=-name"
    rows = list(csv.reader(io.StringIO(export(sign_in(cast.head), kind="csv", query=query).decode("utf-8-sig"))))
    today = "2026-10-20 10:00"
    assert rows == [
        ["Company", "Phone", "Yearly revenue", "Currency", "Fleet", "Added"],
        ["'=cmd|' /C calc'!A0", "'+48 600", "1250.5", "EUR", "7", today],
        ["Baltic", "", "", "", "", today],
    ]
    sheet = load_workbook(io.BytesIO(export(sign_in(cast.head), kind="xlsx", query=query))).active
    assert sheet is not None
    cells = [cell.value for cell in sheet[2]]
    assert (cells[:5], sheet["A2"].data_type) == (["=cmd|' /C calc'!A0", "+48 600", 1250.5, "EUR", 7], "s")
    assert sheet["F2"].is_date
    event = AccessEvent.objects.filter(kind="exported").latest("pk")
    assert (event.by, event.detail["rows"], event.detail["list"]) == (cast.head, 2, "companies")
    assert (
        sign_in(cast.manager).post(reverse("crm:list-export", args=["companies"]), {"kind": "csv"}).status_code == 404
    )


def test_a_file_has_an_end(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 1)
    make_company(cast.manager, "A"), make_company(cast.manager, "B")
    answer = sign_in(cast.head).post(reverse("crm:list-export", args=["companies"]), {"kind": "csv"}, follow=True)
    assert "At most 1 rows fit into one file" in answer.content.decode()
    assert not AccessEvent.objects.filter(kind="exported").exists()


@pytest.mark.parametrize("noun", ["company", "contact", "deal"])
def test_a_list_costs_two_statements_with_every_column_and_filter(
    noun: str, cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    page: Any = page_of(noun)
    make_field(noun=noun, key="fleet", kind="number", in_list=True)
    custom.forget()
    vip = Tag.objects.create(name="VIP")

    def more(times: int = 50) -> None:
        for number in range(times):
            company = make_company(cast.manager, f"Company {number}", custom={"fleet": "7"})
            contact = make_contact(cast.manager, f"Contact {number}", company=company)
            deal = make_deal(cast.manager, f"Deal {number}", company=company, amount_minor=5)
            deal.contacts.add(contact)
            make_task(cast.manager, clock.now, company=company, contact=contact, deal=deal)
            make_activity(cast.manager, clock.now, company=company, contact=contact)
            for one in (company, contact, deal):
                one.tags.add(vip)

    more(1)
    cols = ",".join(column.key for column in [*page.columns, *page.extra_columns()][1:])
    address = f"{reverse(f'crm:{noun}-list')}?cols={cols}&owner=me,{cast.teammate.pk}&tags={vip.pk}&created=this_year"
    sign_in(cast.manager).get(address)
    assert_budget(sign_in(cast.manager), address, 2, more, **RESULTS)
