"""Lists in a real browser: moved through by keys, columns chosen, many changed and taken back, files, verbs of the palette."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Company, SavedView
from crm.services import companies
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_company, make_contact, make_task
from tests.factories.people import Cast

Enter = Callable[[User], Page]
LIST = reverse("crm:company-list")


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(10_000)
    return page


def fill(cast: Cast, count: int = 4) -> list[Company]:
    made = [make_company(cast.manager, f"Firm {number:02}", city="Gdynia") for number in range(count)]
    make_task(cast.manager, timezone.now() + timedelta(days=1), company=made[0])
    return made


def bar(page: Page):
    return page.get_by_role("region", name="Selected rows")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_are_open_to_everybody_and_fit(enter: Enter, cast: Cast, size: dict[str, int], scheme: str) -> None:
    fill(cast)
    page = enter(cast.head)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(f"{LIST}?owner={cast.manager.pk}&created=this_year")
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Select Firm 01").check()
    assert_open_to_everybody(page)
    assert_fits(page)
    bar(page).get_by_role("button", name="Change a field").click()
    page.get_by_label("New value").fill("Steel")
    expect(page.locator("#bulk-preview")).to_contain_text("All 1 company will change.")
    assert_open_to_everybody(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("button", name="Columns").click()
    expect(page.get_by_role("dialog", name="Columns")).to_be_visible()
    assert_open_to_everybody(page)


def test_rows_are_walked_ticked_and_opened_by_keys(enter: Enter, cast: Cast) -> None:
    made = fill(cast)
    page = enter(cast.manager)
    page.goto(LIST)
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#bulk-count")).to_have_text("3 selected")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Name, phone, site or tax number")).to_be_focused()
    page.keyboard.type("jxk")
    expect(page.get_by_role("searchbox", name="Name, phone, site or tax number")).to_have_value("jxk")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(rows).to_have_count(4)
    page.get_by_role("searchbox", name="Name, phone, site or tax number").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Select the row")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('crm:company', args=[made[1].pk])}")


def test_a_cell_is_changed_where_it_stands(enter: Enter, cast: Cast) -> None:
    fill(cast)
    page = enter(cast.manager)
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("e")
    field = page.locator("[data-row] form input[name='industry']")
    expect(field).to_be_focused()
    page.keyboard.type("Steel")
    page.keyboard.press("Enter")
    cell = page.locator("[data-row]").nth(0).locator("[data-edits='industry']")
    expect(cell).to_contain_text("Steel")
    expect(cell).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1).locator("[data-edits='industry']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    page.locator("[data-row]").nth(2).locator("[data-edits='industry']").dblclick()
    expect(field).to_be_focused()
    assert Company.objects.get(name="Firm 00").industry == "Steel"


def test_columns_are_chosen_in_order_and_kept_by_a_view(enter: Enter, cast: Cast) -> None:
    fill(cast)
    page = enter(cast.manager)
    page.goto(LIST)
    page.keyboard.press("v")
    dialog = page.get_by_role("dialog", name="Columns")
    for name in ("Industry", "Owner", "Last contact", "Changed"):
        dialog.get_by_label(name, exact=True).uncheck()
    dialog.get_by_label("City", exact=True).check()
    for _step in range(9):
        dialog.get_by_role("button", name="City up").click()
    dialog.get_by_role("button", name="Show these").click()
    expect(dialog).not_to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_text(["", "Company", "City", "Next step"])
    page.get_by_role("button", name="Save this view").click()
    page.get_by_label("Name", exact=True).fill("Towns")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Towns")).to_have_attribute("aria-current", "page")
    assert SavedView.objects.get().query == "cols=city,step"
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.get_by_role("columnheader")).to_have_count(7)
    page.get_by_role("link", name="Towns").click()
    expect(page.get_by_role("columnheader")).to_have_count(4)


def test_all_of_a_filter_change_and_are_taken_back(enter: Enter, cast: Cast) -> None:
    fill(cast, 60)
    make_company(cast.manager, "Elsewhere", city="Sopot")
    page = enter(cast.manager)
    page.goto(f"{LIST}?city=gdy")
    page.get_by_label("Select this page").check()
    expect(page.locator("#bulk-count")).to_have_text("50 selected")
    page.get_by_role("button", name="Select all 60 companies").click()
    bar(page).get_by_role("button", name="Change a field").click()
    page.get_by_label("New value").fill("Steel")
    expect(page.locator("#bulk-preview")).to_contain_text("All 60 companies will change.")
    page.get_by_role("button", name="Change 60 companies").click()
    expect(page.locator("#toasts")).to_contain_text("60 companies changed.")
    expect(bar(page)).not_to_be_visible()
    expect(page.locator("[data-edits='industry']").first).to_have_text("Steel")
    companies.edit(company=Company.objects.get(name="Firm 07"), by=cast.manager, at=timezone.now(), industry="Wood")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("59 taken back. Left as they are – 1: changed by somebody since.")
    assert list(Company.objects.exclude(industry="").values_list("industry", flat=True)) == ["Wood"]
    page.goto(reverse("crm:bulk-list"))
    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    assert_open_to_everybody(page)


def test_a_filter_leaves_a_chip_that_takes_it_away(enter: Enter, cast: Cast) -> None:
    fill(cast)
    page = enter(cast.manager)
    page.goto(LIST)
    page.keyboard.press("f")
    page.get_by_label("City", exact=True).first.fill("sop")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Nothing like that here.")).to_be_visible()
    chip = page.get_by_role("link", name="Take away: City sop")
    expect(chip).to_be_visible()
    chip.click()
    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.get_by_role("searchbox", name="Name, phone, site or tax number")).to_be_focused()


def test_a_list_is_taken_out_by_who_may(enter: Enter, cast: Cast) -> None:
    fill(cast)
    page = enter(cast.head)
    page.goto(f"{LIST}?cols=city")
    page.get_by_role("button", name="View", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Take out as CSV").click()
    text = coming.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[:2] == ["Company,City", "Firm 00,Gdynia"]
    enter(cast.manager).goto(LIST)
    page.get_by_role("button", name="View", exact=True).click()
    expect(page.get_by_role("button", name="Take out as CSV")).to_have_count(0)


def test_the_palette_does_things_with_what_it_finds_and_remembers_them(enter: Enter, cast: Cast) -> None:
    make_contact(cast.manager, "Nadia Bauer")
    page = enter(cast.manager)
    page.goto(LIST)
    page.keyboard.press("Control+k")
    page.keyboard.type("log nad")
    expect(page.get_by_role("option", name="Log call with Nadia Bauer")).to_have_attribute("aria-selected", "true")
    assert_open_to_everybody(page)
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_contain_text("Nadia Bauer")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Lately").get_by_role("option")).to_have_text(["Log call with Nadia Bauer"])
    page.keyboard.type("theme dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    page.keyboard.type("changes of")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('crm:bulk-list')}")
    page.keyboard.press("Control+k")
    page.keyboard.type("sign out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('recent:'))") == []
