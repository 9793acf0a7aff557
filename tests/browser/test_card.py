"""The card in a real browser: facts changed in place by keys, a colleague named, the timeline narrowed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Activity, Company
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_activity, make_company
from tests.factories.people import Cast, make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL = {"width": 360, "height": 740}
Enter = Callable[[User], Page]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def company(cast: Cast) -> Company:
    company = make_company(cast.manager, "Baltic Foods", city="Lodz", address="Piotrkowska 1", phone="+48 22 555 01 97")
    for n in range(30):
        kind = "note" if n % 3 else "call"
        make_activity(cast.manager, timezone.now() - timedelta(hours=n * 7), kind, company=company, note=f"Entry <{n}>")
    return company


def test_facts_are_changed_by_keys_alone_and_the_focus_stays(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.goto(f"/companies/{company.pk}/")
    city = page.locator(f"#value-company-{company.pk}-city")
    city.locator("[data-inline]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=city]")).to_be_focused()
    assert_open_to_everybody(page)
    page.keyboard.type("Sopot")
    page.keyboard.press("Escape")
    expect(city).to_contain_text("Lodz")
    expect(city.locator("[data-inline]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=city]")).to_be_focused()
    page.keyboard.type("Gdańsk")
    page.keyboard.press("Tab")
    expect(page.locator("input[name=country]")).to_be_focused()
    expect(city).to_contain_text("Gdańsk")
    expect(page.locator("#client-head")).to_contain_text("Gdańsk")
    page.keyboard.type("Poland")
    page.keyboard.press("Enter")
    expect(page.locator(f"#value-company-{company.pk}-country")).to_contain_text("Poland")
    expect(page.locator(f"#value-company-{company.pk}-country [data-inline]")).to_be_focused()
    company.refresh_from_db()
    assert (company.city, company.country) == ("Gdańsk", "Poland")


def test_what_is_missing_leads_into_its_editor(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.goto(f"/companies/{company.pk}/")
    page.get_by_role("button", name="Add the industry").click()
    expect(page.locator("input[name=industry]")).to_be_focused()
    page.keyboard.type("Food")
    page.keyboard.press("Enter")
    expect(page.locator("#client-quality")).not_to_contain_text("Add the industry")
    page.get_by_role("button", name="Set a next step").click()
    expect(page.locator("#dialog")).to_be_visible()


def test_a_colleague_is_named_by_a_few_letters(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.goto(f"/companies/{company.pk}/")
    note = page.locator("#composer-note")
    note.press_sequentially("Ask @ha")
    expect(page.locator("#mention-list > li")).to_have_text([f"{cast.head.full_name}Head of sales"])
    assert_open_to_everybody(page)
    page.keyboard.press("Enter")
    expect(note).to_have_value(f"Ask @{cast.head.full_name} ")
    expect(page.locator("#mention-list")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#timeline .c-mention")).to_have_text(f"@{cast.head.full_name}")
    assert Activity.objects.latest("pk").mentions.get().user == cast.head


def test_the_timeline_is_narrowed_and_goes_on_as_one_scrolls(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.goto(f"/companies/{company.pk}/")
    entries = page.locator("#timeline .c-event")
    expect(entries).to_have_count(20)
    page.locator("#timeline-filters").get_by_text("Calls", exact=True).click()
    expect(entries).to_have_count(10)
    expect(page).to_have_url(re.compile(r"\?what=call$"))
    page.reload()
    expect(entries).to_have_count(10)
    page.locator("#timeline-filters").get_by_text("All", exact=True).click()
    expect(entries).to_have_count(20)
    page.locator(".c-timeline__more").scroll_into_view_if_needed()
    expect(entries).to_have_count(30)


def test_on_a_phone_the_card_and_its_editor_fit(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.set_viewport_size(SMALL)
    page.goto(f"/companies/{company.pk}/")
    assert_fits(page)
    page.locator(f"#value-company-{company.pk}-address [data-inline]").click(force=True)
    expect(page.locator("input[name=address]")).to_be_focused()
    assert_fits(page)
    assert_open_to_everybody(page)
