"""Fields of the company's own made in the browser, by mouse and by keys, and filled in on a card."""

from django.urls import reverse
from playwright.sync_api import expect

from crm import custom
from crm.models import Company, CustomField
from tests.browser.conftest import PHONE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_company, make_field


def option(page, number):
    return page.locator("#dialog .c-options input[type=text]").nth(number)


def test_a_list_is_made_by_keys_with_a_preview_and_stands_on_a_card(cast, enter):
    company = make_company(cast.manager, "Acme")
    page = enter(cast.admin)
    page.goto(reverse("crm:field-list"))
    assert_open_to_everybody(page)
    page.get_by_role("button", name="Add a field").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name", exact=True).fill("Grade")
    dialog.get_by_text("One of a list", exact=True).click()
    option(page, 0).fill("Gold")
    option(page, 0).press("Enter")
    expect(option(page, 1)).to_be_focused()
    option(page, 1).fill("Silver")
    dialog.locator(".c-options__row").nth(1).get_by_role("button", name="Up").press("Enter")
    expect(option(page, 0)).to_have_value("Silver")
    expect(page.locator("#field-preview select option")).to_have_text(["—", "Silver", "Gold"])
    assert_open_to_everybody(page)
    dialog.get_by_role("button", name="Add field").click()
    expect(page.locator("#field-list")).to_contain_text("Silver, Gold")
    assert CustomField.objects.get().options == ["Silver", "Gold"]
    custom.forget()
    page = enter(cast.manager)
    page.goto(reverse("crm:company", args=[company.pk]))
    page.get_by_role("button", name="Edit all").click()
    page.locator("#dialog").get_by_label("Grade").select_option("Gold")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(f"[id='value-company-{company.pk}-custom.grade']")).to_contain_text("Gold")
    assert Company.objects.get().custom == {"grade": "Gold"}


def test_pasted_lines_become_options_and_the_last_row_is_emptied_not_taken(cast, enter):
    page = enter(cast.admin)
    page.goto(reverse("crm:field-new"))
    page.locator("#dialog").get_by_text("Several of a list", exact=True).click()
    option(page, 0).evaluate(
        """(input) => { const data = new DataTransfer(); data.setData("text", "One\\nTwo\\r\\n\\nThree");
        input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    shown = page.locator("#dialog .c-options input[type=text]")
    assert [shown.nth(i).input_value() for i in range(3)] == ["One", "Two", "Three"]
    for _row in range(shown.count()):
        page.get_by_role("button", name="Take off the list").first.click()
    expect(shown).to_have_count(1)
    expect(shown.first).to_have_value("")


def test_fields_change_places_and_keep_the_focus(cast, enter):
    make_field(label="One", key="one", position=0)
    make_field(label="Two", key="two", position=1)
    page = enter(cast.admin)
    page.goto(reverse("crm:field-list"))
    page.get_by_role("button", name="Move Two up").press("Enter")
    expect(page.locator(".c-fields__text b")).to_have_text(["Two", "One"])
    page.get_by_role("button", name="Retire One").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Retire field").click()
    expect(page.locator(".c-fields:not(.c-fields__retired .c-fields) b")).to_have_text(["Two"])
    page.get_by_text("1 retired field").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator(".c-fields__text b")).to_have_text(["Two", "One"])


def test_the_pages_fit_a_phone(cast, enter):
    make_field(
        kind="choice",
        options=["A rather long option of a list " * 2],
        hint="A hint that says a good deal " * 6,
        in_list=True,
    )
    page = enter(cast.admin)
    page.set_viewport_size(PHONE | {"width": 360})
    for url in (
        reverse("crm:field-list"),
        reverse("crm:field-new"),
        reverse("crm:field-edit", args=[CustomField.objects.get().pk]),
    ):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert_fits(page)
        assert_open_to_everybody(page)
