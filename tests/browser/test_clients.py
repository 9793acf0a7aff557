"""Clients in a real browser: a call logged without a mouse, lists that narrow as one types, and nobody shut out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Activity, Company, Contact, Task
from crm.services import activities, companies, contacts, deals, shares
from crm.services.tasks import NextStepSpec
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_stage
from tests.factories.people import Cast

Enter = Callable[[User], Page]


def quarry(cast: Cast) -> Contact:
    """A company with a person, a deal, a late task, a share and a history of two pages."""
    by, at = cast.manager, timezone.now()
    company = companies.add(
        by=by, at=at, name="Quarry & Sons", phone="+49 40 555 9689", domain="quarry.example", city="Hamburg"
    )
    contact = contacts.add(
        by=by,
        at=at,
        name="Nadia Bauer",
        company=company,
        title="IT Lead",
        phones=["+49 40 555 9680"],
        emails=["nb@quarry.example"],
    )
    late = NextStepSpec(title="Call about the quote", due=at - timedelta(days=2))
    deals.add(
        by=by,
        at=at,
        title="New line fit-out",
        stage=make_stage(),
        company=company,
        contacts=[contact],
        amount_minor=12000_00,
        first_task=late,
    )
    for number in range(40):
        activities.log(
            by=by,
            at=at,
            kind="call",
            occurred_at=at - timedelta(hours=1 + number * 5),
            contact=contact,
            result="busy",
            note=f"Entry {number}.",
        )
    shares.share(record=company, with_=cast.teammate, by=by, at=at)
    return contact


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_and_cards_are_open_to_everybody_and_fit(
    enter: Enter, cast: Cast, size: dict[str, int], scheme: str
) -> None:
    contact = quarry(cast)
    page = enter(cast.manager)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for path in (
        reverse("crm:company-list"), reverse("crm:contact-list"), reverse("crm:company", args=[contact.company_id]),
        reverse("crm:contact", args=[contact.pk]),
    ):  # fmt: skip
        page.goto(path)
        assert_open_to_everybody(page)
        assert_fits(page)


def test_a_call_with_its_next_step_is_logged_with_keys_alone(enter: Enter, cast: Cast) -> None:
    contact = quarry(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:contact", args=[contact.pk]))
    page.keyboard.press("l")
    line = page.get_by_label("What was agreed")
    expect(line).to_be_focused()
    page.keyboard.type("Two delivery dates")
    page.keyboard.press("Alt+2")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Call logged.")
    first = page.locator("#timeline .c-event").first
    expect(first).to_contain_text("Call · no answer")
    expect(first).to_contain_text("Two delivery dates")
    expect(line).to_have_value("")
    expect(line).to_be_focused()
    logged = Activity.objects.latest("pk")
    assert (logged.result, logged.note, logged.deal.title) == ("no_answer", "Two delivery dates", "New line fit-out")  # type: ignore[union-attr]
    assert Task.objects.filter(deal=logged.deal).count() == 2
    expect(page.locator("#client-tasks")).to_contain_text("Call again")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#timeline")).not_to_contain_text("Two delivery dates")
    expect(page.locator("#client-tasks")).not_to_contain_text("Call again")


def test_the_composer_asks_only_what_the_kind_needs(enter: Enter, cast: Cast) -> None:
    contact = quarry(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:contact", args=[contact.pk]))
    composer = page.locator("#composer")
    expect(composer.get_by_role("button", name="Log call")).to_be_visible()
    composer.get_by_role("radio", name="Note").check()
    expect(composer.get_by_role("button", name="Save note")).to_be_visible()
    expect(composer.get_by_role("radiogroup", name="How the call ended")).not_to_be_visible()
    composer.get_by_role("button", name="Save note").click()
    expect(composer).to_contain_text("Write the note first.")
    expect(composer.get_by_role("radio", name="Note")).to_be_checked()
    composer.get_by_role("radio", name="Meeting").check()
    page.keyboard.press("3")
    expect(composer.get_by_role("radio", name="Refused")).to_be_checked()


def test_the_timeline_loads_as_one_scrolls_and_narrows_to_a_kind(enter: Enter, cast: Cast) -> None:
    contact = quarry(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:contact", args=[contact.pk]))
    expect(page.locator("#timeline .c-event")).to_have_count(20)
    page.get_by_role("button", name="Show earlier").scroll_into_view_if_needed()
    expect(page.locator("#timeline .c-event")).to_have_count(40)
    page.locator("#timeline-filters").get_by_text("Notes", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("Nothing like this here.")


def test_an_activity_is_put_right_in_its_dialog(enter: Enter, cast: Cast) -> None:
    contact = quarry(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:contact", args=[contact.pk]))
    first = page.locator("#timeline .c-event").first
    first.get_by_role("button", name="More for Call · busy").click()
    first.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit: Call")
    expect(dialog).to_contain_text("cannot be changed")
    assert_open_to_everybody(page)
    dialog.get_by_label("Note").fill("Put right.")
    dialog.get_by_role("button", name="Save changes").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator("#timeline .c-event").first).to_contain_text("Put right.")


def test_a_list_narrows_as_one_types_and_the_address_says_it(enter: Enter, cast: Cast) -> None:
    quarry(cast)
    companies.add(by=cast.manager, at=timezone.now(), name="Baltic Foods", city="Gdynia")
    page = enter(cast.manager)
    page.goto(reverse("crm:company-list"))
    rows = page.locator("#list-results tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox", name="Name, phone, site or tax number").press_sequentially("qua")
    expect(rows).to_have_count(1)
    expect(page.locator("#list-counted")).to_have_text("1 company")
    expect(page).to_have_url(re.compile(r"\?q=qua$"))
    page.get_by_role("link", name="Clear").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter-city").fill("gdy")
    page.locator("#filter-city").press("Enter")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Save this view").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Gdynia")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Gdynia", exact=True)).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.get_by_role("heading", name="Companies")).to_be_visible()


def test_one_alike_is_told_while_the_name_is_typed(enter: Enter, cast: Cast) -> None:
    quarry(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:company-list"))
    page.get_by_role("button", name="New company").first.click()
    dialog = page.get_by_role("dialog", name="New company")
    dialog.get_by_label("Name").press_sequentially("Quarry and Sons")
    dialog.get_by_label("Phone").press_sequentially("+49 40 555 9689")
    expect(dialog.locator("#alike")).to_contain_text("Quarry & Sons: the same phone")
    assert_open_to_everybody(page)
    dialog.get_by_role("button", name="Create company").click()
    dialog.get_by_role("button", name="Create all the same").click()
    expect(page.get_by_role("heading", name="Quarry and Sons")).to_be_visible()
    assert Company.objects.count() == 2


def test_a_colleague_is_found_by_typing_and_shared_with(enter: Enter, cast: Cast) -> None:
    contact = quarry(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:contact", args=[contact.pk]))
    page.get_by_role("button", name="Colleague").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".ts-control input").press_sequentially("toma")
    dialog.get_by_role("option", name="Tomasz Teammate").click()
    assert_open_to_everybody(page)
    dialog.get_by_role("button", name="Share").click()
    expect(page.locator("#client-side")).to_contain_text("Tomasz Teammate")
