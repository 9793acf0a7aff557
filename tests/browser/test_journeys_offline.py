"""Work without a network and come back: pages open as they were seen, entries wait and are sent once, signing out leaves nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from crm.models import Activity, Company, Task
from tests.factories.crm import make_company
from tests.factories.people import Cast

pytestmark = pytest.mark.browser
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""


@pytest.fixture
def company(cast: Cast) -> Company:
    return make_company(cast.manager, "Elbe Pharma")


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[BrowserContext]:
    """A phone with its own store, on which the service worker runs."""
    context = browser.new_context(**{**browser_context_args, "service_workers": "allow"})
    yield context
    context.set_offline(False)
    for page in context.pages:
        page.goto("about:blank")
    context.close()


def enter(phone: BrowserContext, user: User, live_server: Any) -> Page:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    phone.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return phone.pages[0] if phone.pages else phone.new_page()


def visit(page: Page, path: str) -> None:
    """Open a page and wait until the device has kept it, with the dialog over it."""
    page.goto(path)
    _until(page, lambda kept: path in kept and kept.count("/log/") >= 1)


def _until(page: Page, holds: Callable[[list[str]], bool]) -> None:
    for _attempt in range(100):
        if holds(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(KEPT))


def log(page: Page, note: str) -> None:
    page.locator(".c-topbar [hx-get='/log/']").click()
    dialog = page.get_by_role("dialog", name="What just happened?")
    expect(dialog).to_be_visible()
    dialog.locator("[name='note']").fill(note)
    page.keyboard.press("Control+Enter")
    expect(dialog).not_to_be_visible()


def test_a_call_logged_without_a_network_is_sent_once_it_is_back(
    phone: BrowserContext, cast: Cast, company: Company, live_server: Any
) -> None:
    page, card = enter(phone, cast.manager, live_server), reverse("crm:company", args=[company.pk])
    visit(page, card)
    phone.set_offline(True)
    page.goto(card)
    expect(page.get_by_role("heading", name="Elbe Pharma").first).to_be_visible()
    expect(page.locator("#offline")).to_contain_text("as it was on")
    log(page, "Agreed on the price")
    log(page, "Sent the contract")
    expect(page.locator("#offline")).to_contain_text("Waiting on this device: 2")
    assert not Activity.objects.exists()
    typed = timezone.now()
    phone.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#toasts")).to_contain_text("Sent what had waited on this device: 2")
    calls = list(Activity.objects.order_by("pk"))
    assert [call.note for call in calls] == ["Agreed on the price", "Sent the contract"]
    assert {call.company for call in calls} == {company}
    for call in calls:
        assert call.device_at is not None
        assert call.device_at == call.occurred_at < call.recorded_at
        assert abs(call.device_at - typed) < timedelta(seconds=30)
    assert Task.objects.count() == 2


def test_an_answer_that_was_lost_makes_no_second_record(
    phone: BrowserContext, cast: Cast, company: Company, live_server: Any
) -> None:
    page, card = enter(phone, cast.manager, live_server), reverse("crm:company", args=[company.pk])
    visit(page, card)
    page.route(
        "**/log/", lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.fallback()
    )
    log(page, "Called about the van")
    expect(page.locator("#offline")).to_contain_text("Waiting on this device: 1")
    assert Activity.objects.count() == 1
    page.locator("#offline").get_by_role("button", name="Send now").click()
    expect(page.locator("#offline")).not_to_be_visible()
    assert Activity.objects.count() == 1


def test_what_the_server_refuses_stays_and_says_why(
    phone: BrowserContext, cast: Cast, company: Company, live_server: Any
) -> None:
    page, card = enter(phone, cast.manager, live_server), reverse("crm:company", args=[company.pk])
    visit(page, card)
    phone.set_offline(True)
    page.goto(card)
    log(page, "Called again")
    Company.objects.filter(pk=company.pk).update(owner=cast.stranger)
    phone.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    waiting = page.locator("#offline li")
    expect(waiting).to_contain_text("Choose whom it was with")
    assert not Activity.objects.exists()
    waiting.get_by_role("button", name="Throw away").click()
    expect(waiting).to_have_count(0)


def test_signing_out_leaves_nothing_on_the_device(
    phone: BrowserContext, cast: Cast, company: Company, live_server: Any
) -> None:
    page, card = enter(phone, cast.manager, live_server), reverse("crm:company", args=[company.pk])
    visit(page, card)
    page.evaluate('document.querySelector(`form[action$="/sign-out/"]`).requestSubmit()')
    page.wait_for_url("**/sign-in/**")
    _until(page, lambda kept: card not in kept and "/log/" not in kept)
    assert all(base["name"] != "daybook" for base in page.evaluate("indexedDB.databases()"))


def test_signing_out_asks_before_entries_are_lost(
    phone: BrowserContext, cast: Cast, company: Company, live_server: Any
) -> None:
    page, card = enter(phone, cast.manager, live_server), reverse("crm:company", args=[company.pk])
    visit(page, card)
    phone.set_offline(True)
    page.goto(card)
    log(page, "Not sent yet")
    page.evaluate('document.querySelector(`form[action$="/sign-out/"]`).requestSubmit()')
    asked = page.get_by_role("dialog", name="Sign out all the same?")
    expect(asked).to_contain_text("Waiting on this device: 1")
    asked.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#offline")).to_contain_text("Waiting on this device: 1")


def test_another_person_on_the_same_device_finds_nothing_of_the_first(
    phone: BrowserContext, cast: Cast, company: Company, live_server: Any
) -> None:
    page, card = enter(phone, cast.manager, live_server), reverse("crm:company", args=[company.pk])
    visit(page, card)
    enter(phone, cast.stranger, live_server)
    visit(page, "/")
    assert card not in page.evaluate(KEPT)
    phone.set_offline(True)
    page.goto(card)
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Elbe Pharma")
