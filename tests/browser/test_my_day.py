"""My day in a real browser: it follows what is done on it, and asks for itself."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Activity, Task, TaskStatus
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_company, make_contact, make_deal, make_task
from tests.factories.discipline import make_assignment, make_policy, make_scheme
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
LAST_MINUTE = time(23, 59)


@pytest.fixture
def day(enter: Enter, cast: Cast) -> Page:
    """The day of a manager with a lapsed task, a deal without a next step and a contact to call."""
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin, deadline=LAST_MINUTE, on=date(2026, 1, 5))
    make_assignment(cast.manager, cast.team, scheme, cast.admin, workdays=EVERY_DAY, shift_end=LAST_MINUTE)
    company = make_company(cast.manager, "Elbe Pharma")
    make_contact(cast.manager, "Elena Bauer", company=company)
    deal = make_deal(cast.manager, "Fleet renewal", company=company)
    make_task(cast.manager, timezone.now() - timedelta(days=2), "Send the offer", deal=deal, company=company)
    make_task(cast.manager, timezone.now() + timedelta(days=1), "Visit", deal=deal, company=company)
    make_deal(cast.manager, "Bare deal", company=company)
    page = enter(cast.manager)
    page.goto("/")
    return page


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", ["manager", "head", "owner", "admin"])
def test_every_role_has_a_first_page_that_is_open_to_everybody(
    day: Page, enter: Enter, cast: Cast, size: dict[str, int], scheme: str, role: str
) -> None:
    page = enter(getattr(cast, role))
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/")
    assert_open_to_everybody(page)
    assert_fits(page)


def test_a_lapsed_task_is_mended_where_it_is_shown(day: Page) -> None:
    day.get_by_role("button", name="Done: Send the offer").click()
    dialog = day.get_by_role("dialog", name="Task done")
    dialog.get_by_label("What came out of it").fill("Sent")
    day.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(day.get_by_role("button", name="Done: Send the offer")).to_have_count(0)
    assert Task.objects.get(title="Send the offer").status == TaskStatus.DONE


def test_a_bare_deal_gets_its_next_step_where_it_is_shown(day: Page) -> None:
    day.get_by_role("link", name="Bare deal").click()
    dialog = day.get_by_role("dialog", name="New task")
    dialog.get_by_label("What", exact=True).fill("Call about the offer")
    day.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(day.get_by_role("region", name="Deals without a next step")).to_have_count(0)
    assert str(Task.objects.get(title="Call about the offer").deal) == "Bare deal"


def test_a_logged_call_counts_at_once(day: Page) -> None:
    row = day.get_by_role("row", name="Conversations")
    expect(row).to_contain_text("0 / 5")
    day.keyboard.press("l")
    dialog = day.get_by_role("dialog", name="What just happened?")
    expect(dialog.locator(".ts-control input")).to_be_focused()
    day.keyboard.type("elena")
    expect(dialog.locator(".ts-dropdown").get_by_text("Elena Bauer")).to_be_visible()
    day.keyboard.press("Enter")
    day.keyboard.press("Control+Enter")
    expect(dialog).not_to_be_visible()
    expect(row).to_contain_text("1 / 5")
    assert Activity.objects.count() == 1


def test_the_card_asks_for_itself_every_minute(day: Page, cast: Cast) -> None:
    day.clock.install()
    day.reload()
    make_company(cast.manager, "Entered elsewhere")
    with day.expect_response(lambda answer: "/my-day/preview/" in answer.url):
        day.clock.run_for(61_000)
    expect(day.locator("#day-preview")).to_be_visible()
