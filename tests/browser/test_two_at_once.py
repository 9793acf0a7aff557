"""Two people in one record, each in a browser of his own: what both changed is asked, what only one changed is kept."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from crm.models import Company, Deal, Stage
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_company, make_deal, make_stage
from tests.factories.people import Cast

pytestmark = pytest.mark.browser
Window = Callable[[User], Page]


@pytest.fixture
def window(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Window]:
    """A browser of his own for each person, signed in."""
    contexts = []

    def one(user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(**browser_context_args)
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return context.new_page()

    yield one
    for context in contexts:
        context.close()


@pytest.fixture
def company(transactional_db: None, cast: Cast) -> Company:
    return make_company(cast.manager, "Elbe Pharma", city="Hamburg", note="Calls on Mondays")


def edit(page: Page, company: Company) -> Locator:
    page.goto(reverse("crm:company-edit", args=[company.pk]))
    return page.get_by_role("dialog", name="Edit Elbe Pharma")


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save changes").click()


def test_the_second_to_save_chooses_field_by_field(window: Window, cast: Cast, company: Company) -> None:
    anna, hanna = window(cast.manager), window(cast.head)
    hers, theirs = edit(anna, company), edit(hanna, company)
    theirs.get_by_label("City").fill("Lübeck")
    theirs.get_by_label("Industry").fill("Pharma")
    save(theirs)
    expect(theirs).not_to_be_visible()

    hers.get_by_label("City").fill("Bremen")
    hers.get_by_label("Website").fill("elbe.example")
    hers.get_by_label("Note").fill("Calls on Tuesdays")
    save(hers)
    asked = anna.get_by_role("dialog", name="Somebody changed this field too")
    city = asked.get_by_role("group", name="City")
    expect(city.get_by_role("radio")).to_have_count(2)
    expect(city).to_contain_text("Bremen")
    expect(city).to_contain_text("Lübeck")
    expect(city).to_contain_text(str(cast.head))
    expect(asked.get_by_role("group")).to_have_count(1)
    expect(city.get_by_role("radio").first).to_be_focused()
    for size in (WIDE, PHONE):
        anna.set_viewport_size(size)  # type: ignore[arg-type]
        assert_open_to_everybody(anna)
        assert_fits(anna)
    asked.get_by_role("button", name="Save with these").click()
    expect(asked.get_by_role("alert")).to_contain_text("Choose for each field")
    anna.keyboard.press("ArrowDown")
    anna.keyboard.press("ArrowUp")
    anna.keyboard.press("Enter")
    expect(asked).not_to_be_visible()
    company.refresh_from_db()
    assert (company.city, company.industry, company.domain) == ("Bremen", "Pharma", "elbe.example")
    assert company.note == "Calls on Tuesdays"


def test_without_a_common_field_nobody_is_asked(window: Window, cast: Cast, company: Company) -> None:
    hers, theirs = edit(window(cast.manager), company), edit(window(cast.head), company)
    theirs.get_by_label("City").fill("Lübeck")
    save(theirs)
    expect(theirs).not_to_be_visible()
    hers.get_by_label("Website").fill("elbe.example")
    save(hers)
    expect(hers).not_to_be_visible()
    company.refresh_from_db()
    assert (company.city, company.domain) == ("Lübeck", "elbe.example")


def test_who_drags_a_card_that_just_moved_sees_it_where_it_is(
    window: Window, cast: Cast, transactional_db: None
) -> None:
    new, offer, _contract = (make_stage(name, position=n) for n, name in enumerate(("New", "Offer", "Contract"), 1))
    make_deal(cast.manager, "Fleet renewal", stage=new)
    anna, hanna = window(cast.manager), window(cast.head)
    for page in (anna, hanna):
        page.goto(reverse("crm:deal-board"))
    move(hanna, "Offer")
    expect(lane(hanna, "Offer").locator("[data-card]")).to_have_count(1)
    move(anna, "Contract")
    expect(anna.locator("#toasts")).to_contain_text(f"{cast.head} moved this deal to Offer in the meantime")
    expect(lane(anna, "Offer").locator("[data-card]")).to_have_count(1)
    expect(lane(anna, "Contract").locator("[data-card]")).to_have_count(0)
    assert Deal.objects.get().stage == Stage.objects.get(pk=offer.pk)


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def move(page: Page, to: str) -> None:
    page.get_by_role("button", name="Move Fleet renewal").click()
    page.get_by_role("button", name=to, exact=True).click()
