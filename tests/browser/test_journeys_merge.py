"""Journey five: two clients that are the same become one, and two again, by mouse and by keys."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Company, Contact, DuplicatePair, Merge
from crm.services import activities, companies, contacts, duplicate_search, merges
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.people import Cast

Enter = Callable[[User], Page]


def acme(cast: Cast) -> tuple[Company, Company]:
    """A company that is there twice, and a second pair that only looks like one."""
    by, at = cast.manager, timezone.now()
    facts = {"by": by, "at": at, "overridden": True, "tax_number": "5260250274"}
    first = companies.add(name="Acme", city="Łódź", phone="+48 22 555 01 97", note="Pays late.", **facts)
    second = companies.add(
        name="Acme sp. z o.o.", industry="Food", phone="+48 22 555 01 98", note="Likes tea.", **facts
    )
    for name in ("Depot Łódź", "Depot Łódź Ltd"):
        companies.add(by=by, at=at, name=name, overridden=True)
    contacts.add(by=by, at=at, name="Nadia Bauer", company=second, emails=["nb@acme.example"])
    activities.log(
        by=by, at=at, kind="call", occurred_at=at - timedelta(hours=1), company=second, note="Two delivery dates"
    )
    duplicate_search.run(at=at)
    return first, second


def test_a_pair_is_merged_and_taken_apart_with_keys_alone(enter: Enter, cast: Cast) -> None:
    first, second = acme(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:duplicate-list"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#toasts")).to_contain_text("Not the same")
    expect(page.locator("[data-pair]")).to_have_count(1)
    expect(page.locator("[data-pair-open]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/merge/company/{first.pk}/{second.pk}/"))
    page.keyboard.press("j")
    expect(page.get_by_role("group", name="Name").get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    preview = page.locator("#merge-preview")
    expect(preview).to_contain_text("Acme sp. z o.o.")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("group", name="Phone").get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(preview).to_contain_text("+48 22 555 01 98")
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile("/duplicates/"))
    expect(page.locator("#toasts")).to_contain_text("is now part of Acme sp. z o.o.")
    first.refresh_from_db()
    assert (first.name, first.phone, first.city, first.industry) == (
        "Acme sp. z o.o.",
        "+48 22 555 01 98",
        "Łódź",
        "Food",
    )
    assert first.note == "Pays late.\n\nLikes tea."
    assert Contact.objects.get().company == first
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("is a client of its own again")
    first.refresh_from_db()
    assert (first.name, first.phone, first.industry) == ("Acme", "+48 22 555 01 97", "")
    assert Contact.objects.get().company == second
    expect(page.locator("[data-pair]")).to_have_count(1)


def test_a_pair_is_merged_by_mouse_and_old_addresses_lead_on(enter: Enter, cast: Cast) -> None:
    first, second = acme(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:duplicate-list"))
    page.get_by_text("Acme sp. z o.o.").click()
    page.get_by_role("group", name="Industry").get_by_role("radio", name="empty").check()
    expect(page.locator("#merge-preview")).not_to_contain_text("Food")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator("[data-pair]")).to_have_count(1)
    page.goto(reverse("crm:company", args=[second.pk]))
    expect(page).to_have_url(re.compile(rf"/companies/{first.pk}/$"))
    expect(page.locator("#timeline")).to_contain_text("Two delivery dates")
    page.goto(reverse("crm:merge-list"))
    page.get_by_role("button", name="Undo the merge of Acme sp. z o.o.").click()
    expect(page.locator("main")).to_contain_text("undone by")
    page.goto(reverse("crm:company", args=[second.pk]))
    expect(page.locator("#timeline")).to_contain_text("Two delivery dates")
    assert Merge.objects.get().undone_by == cast.manager


def test_not_the_same_is_taken_back_from_the_toast(enter: Enter, cast: Cast) -> None:
    acme(cast)
    page = enter(cast.manager)
    page.goto(reverse("crm:duplicate-list"))
    page.get_by_role("button", name="Not the same: Depot Łódź").click()
    expect(page.locator("[data-pair]")).to_have_count(1)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-pair]")).to_have_count(2)
    assert DuplicatePair.objects.to_decide().count() == 2


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_everybody_and_fit(enter: Enter, cast: Cast, size: dict[str, int], scheme: str) -> None:
    first, second = acme(cast)
    other = DuplicatePair.objects.exclude(first=first.pk).get()
    merges.merge(
        noun="company", survivor=other.first, merged=other.second, choices={}, by=cast.manager, at=timezone.now()
    )
    page = enter(cast.manager)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for path in (
        reverse("crm:duplicate-list"), reverse("crm:merge", args=["company", first.pk, second.pk]), reverse("crm:merge-list"),
    ):  # fmt: skip
        page.goto(path)
        assert_open_to_everybody(page)
        assert_fits(page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(reverse("crm:merge", args=["company", first.pk, second.pk]))
    assert_fits(page)
