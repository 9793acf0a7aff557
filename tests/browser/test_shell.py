"""The frame and its components in a real browser, tried on the gallery."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.people import Cast

Enter = Callable[[User], Page]


@pytest.fixture
def gallery(enter: Enter, cast: Cast) -> Page:
    """The gallery, open for the coordinator."""
    page = enter(cast.admin)
    page.goto(reverse("reports:gallery"))
    return page


def lane(page: Page, name: str) -> list[str]:
    """The titles of the cards in a lane."""
    return page.get_by_role("region", name=name, exact=True).locator("[data-card] h3").all_text_contents()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_is_open_to_everybody_and_fits(
    enter: Enter, cast: Cast, size: dict[str, int], scheme: str
) -> None:
    page = enter(cast.admin)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(reverse("reports:gallery"))
    assert_open_to_everybody(page)
    assert_fits(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["account_login", "account_reset_password"])
def test_signing_in_is_open_to_everybody_and_fits(page: Page, size: dict[str, int], path: str) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(reverse(path))
    assert_open_to_everybody(page)
    assert_fits(page)


def test_a_dialog_takes_the_focus_keeps_mistakes_and_gives_the_focus_back(gallery: Page) -> None:
    gallery.locator("#open-dialog").click()
    dialog = gallery.get_by_role("dialog", name="New deal")
    title = dialog.get_by_label("Title")
    expect(title).to_be_focused()
    dialog.get_by_role("button", name="Create deal").click()
    expect(dialog.get_by_text("This field is required.")).to_be_visible()
    expect(title).to_be_focused()
    assert_open_to_everybody(gallery)
    title.fill("Fleet renewal")
    title.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(gallery.locator("#toasts")).to_contain_text("Deal added.")
    expect(gallery.locator("#open-dialog")).to_be_focused()


def test_a_toast_offers_the_way_back(gallery: Page) -> None:
    gallery.locator("#open-dialog").click()
    gallery.get_by_role("dialog").get_by_label("Title").fill("Fleet renewal")
    gallery.keyboard.press("Enter")
    gallery.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(gallery.locator("#toasts")).to_have_text(re.compile("Undone"))


def test_search_opens_by_key_finds_commands_and_closes_by_escape(gallery: Page) -> None:
    gallery.keyboard.press("Control+k")
    expect(gallery.get_by_label("Name, phone, domain or tax number")).to_be_focused()
    assert_open_to_everybody(gallery)
    gallery.keyboard.type("new comp")
    expect(gallery.get_by_role("option", name="New company")).to_have_attribute("aria-selected", "true")
    expect(gallery.get_by_role("option", name="New contact")).not_to_be_visible()
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#palette")).not_to_be_visible()


def test_a_search_without_answers_says_so(gallery: Page) -> None:
    gallery.keyboard.press("Control+k")
    gallery.keyboard.type("zzz nobody")
    expect(gallery.locator("#palette").get_by_role("status")).to_contain_text("Nothing found")
    assert_open_to_everybody(gallery)


def test_single_keys_rest_while_somebody_types_and_when_switched_off(gallery: Page) -> None:
    field = gallery.get_by_label("Search in this list")
    field.press("?")
    expect(gallery.locator("#keys")).not_to_be_visible()
    expect(field).to_have_value("?")
    field.blur()
    gallery.keyboard.press("?")
    expect(gallery.locator("#keys")).to_be_visible()
    gallery.get_by_label("Single-key shortcuts on").uncheck()
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("?")
    expect(gallery.locator("#keys")).not_to_be_visible()


def test_a_call_gets_its_result_without_leaving_the_line(gallery: Page) -> None:
    gallery.keyboard.press("l")
    line = gallery.get_by_label("What was agreed?")
    expect(line).to_be_focused()
    gallery.keyboard.type("Call back at 2")
    gallery.keyboard.press("Alt+2")
    expect(gallery.get_by_role("radio", name="No answer")).to_be_checked()
    expect(line).to_have_value("Call back at 2")


def test_a_deal_is_carried_by_keys(gallery: Page) -> None:
    card = gallery.locator("#deal-1")
    card.focus()
    gallery.keyboard.press("Space")
    expect(gallery.locator("#announcer")).to_contain_text("picked up in New")
    gallery.keyboard.press("ArrowRight")
    expect(gallery.locator("#announcer")).to_contain_text("Qualified, 2 of 5")
    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press("Space")
    expect(gallery.locator("#announcer")).to_contain_text("moved to Proposal")
    assert lane(gallery, "Proposal") == ["Fleet renewal"]
    expect(gallery.locator("#deal-1")).to_be_focused()


def test_escape_puts_a_carried_deal_back(gallery: Page) -> None:
    before = lane(gallery, "New")
    gallery.locator("#deal-1").focus()
    for key in ("Space", "ArrowRight", "Escape"):
        gallery.keyboard.press(key)
    assert lane(gallery, "New") == before


def test_a_refused_deal_goes_back_and_the_rule_is_told(gallery: Page) -> None:
    before = lane(gallery, "New")
    gallery.get_by_role("button", name="Move Training package").click()
    gallery.locator("#deal-menu").get_by_role("button", name="Won").click()
    expect(gallery.locator("#toasts")).to_contain_text("needs an amount")
    expect(gallery.locator("#announcer")).to_contain_text("is back in New")
    assert lane(gallery, "New") == before


def test_a_deal_is_dragged(gallery: Page) -> None:
    gallery.locator("#deal-3").scroll_into_view_if_needed()
    source = gallery.locator("#deal-3 .c-deal__who").bounding_box()
    target = gallery.locator("[data-stage-id='3'] [data-lane-cards]").bounding_box()
    assert source is not None
    assert target is not None
    gallery.mouse.move(source["x"] + 10, source["y"] + 5)
    gallery.mouse.down()
    gallery.mouse.move(source["x"] + 40, source["y"] + 15, steps=5)
    gallery.mouse.move(target["x"] + 60, target["y"] + 30, steps=12)
    gallery.mouse.up()
    expect(gallery.locator("#announcer")).to_contain_text("moved to Proposal")
    assert lane(gallery, "Proposal") == ["Licence extension"]


def test_the_chosen_theme_is_there_at_the_next_first_paint(gallery: Page) -> None:
    gallery.get_by_role("button", name="Light or dark").click()
    gallery.get_by_role("button", name="Dark", exact=True).click()
    expect(gallery.locator("html")).to_have_attribute("data-theme", "dark")
    answer = gallery.reload()
    assert answer
    assert 'data-theme="dark"' in answer.text()


def test_the_phone_has_its_bar_and_the_rest_behind_more(enter: Enter, cast: Cast) -> None:
    page = enter(cast.admin)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(reverse("reports:gallery"))
    page.get_by_role("button", name="More", exact=True).last.click()
    expect(page.get_by_role("dialog", name="More").get_by_role("link").first).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
