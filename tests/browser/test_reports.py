"""Reports in a real browser: built by somebody without training, kept, shared, pinned, folded by keys, opened to the records."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.history.clock import movable, show
from crm.services import deals
from reports.models import Pin, Report
from reports.services import pins, saved
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_deal, make_stage
from tests.factories.people import Cast
from tests.reports.saved.asking import OPEN, WON

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser


@pytest.fixture
def won(cast: Cast) -> None:
    """Deals won last year and this year, by two people of one team and by somebody else."""
    now = timezone.now()
    stage = make_stage()
    with movable():
        for year, amount in ((now.year - 1, 100_00), (now.year, 150_00)):
            moment = datetime(year, 1, 2, 12, tzinfo=UTC)
            show(min(moment, now - timedelta(minutes=5)))
            for person in (cast.manager, cast.teammate, cast.stranger):
                deals.win(deal=make_deal(person, stage=stage, amount_minor=amount), by=person, at=min(moment, now))
        show(None)


@pytest.mark.usefixtures("won")
def test_an_owner_builds_shares_and_pins_and_a_head_opens_it_in_his_scope(enter: Enter, cast: Cast) -> None:
    page = enter(cast.owner)
    page.goto("/reports/")
    page.get_by_role("link", name="New report").first.click()
    result = page.get_by_role("region", name="The answer")
    page.get_by_label("Down the page, by (2)").focus()
    page.get_by_label("Down the page, by (2)").select_option(label="Owner")
    expect(result.get_by_role("columnheader", name="Owner")).to_be_visible()
    expect(page.get_by_label("Down the page, by (2)")).to_be_focused()
    page.get_by_label("Compared with").select_option(label="The same period last year")
    expect(result).to_contain_text("+50 %")
    page.get_by_role("radio", name="Pivot table").check()
    expect(result.get_by_role("button", name="Fold all")).to_be_visible()
    assert "against=last_year" in page.url
    assert_open_to_everybody(page)
    page.get_by_role("button", name="Save report").click()
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Won by month and owner")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Won by month and owner")).to_be_visible()
    expect(page.locator("#result")).to_contain_text("€450")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("dialog").get_by_label("Head of sales").check()
    page.get_by_role("dialog").get_by_role("button", name="Share").click()
    expect(page.locator("#toasts")).to_contain_text("may open it")
    page.get_by_role("button", name="Put on my dashboard").click()
    expect(page.get_by_role("button", name="On my dashboard", exact=True)).to_be_visible()
    assert Pin.objects.get().user == cast.owner
    head = enter(cast.head)
    head.goto(f"/reports/{Report.objects.get().pk}/")
    expect(head.locator("#result")).to_contain_text("€300")
    expect(head.get_by_role("button", name="Make it mine")).to_be_visible()


@pytest.mark.usefixtures("won")
def test_a_pivot_folds_by_keys_and_a_cell_opens_its_records(enter: Enter, cast: Cast) -> None:
    report = saved.add(
        name="Won", definition={**WON, "rows": ["month", "owner"], "columns": []}, by=cast.owner, at=timezone.now()
    )
    page = enter(cast.owner)
    page.goto(f"/reports/{report.pk}/")
    month = page.locator("[data-folds]").first
    anna = page.get_by_role("rowheader", name="Anna Manager")
    month.focus()
    page.keyboard.press("ArrowLeft")
    expect(anna).to_be_hidden()
    expect(month).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(anna).to_be_visible()
    page.keyboard.press("Enter")
    expect(anna).to_be_hidden()
    page.get_by_role("button", name="Unfold all").or_(page.get_by_role("button", name="Fold all")).click()
    page.get_by_role("button", name="Unfold all").click()
    row = page.get_by_role("row", name=re.compile("Anna Manager"))
    shown = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    expect(page.locator("#records-title")).to_have_attribute("data-count", "1")
    expect(page.locator("#records-title + *")).to_contain_text(shown)
    assert_open_to_everybody(page)
    page.get_by_role("link", name="Back to where you were").click()
    expect(page.get_by_role("heading", level=1, name="Won")).to_be_visible()


@pytest.mark.usefixtures("won")
def test_groups_of_columns_fold_into_their_total(enter: Enter, cast: Cast) -> None:
    asked = {**WON, "rows": ["owner"], "columns": ["stage", "month"]}
    report = saved.add(name="Won", definition=asked, by=cast.owner, at=timezone.now())
    page = enter(cast.owner)
    page.goto(f"/reports/{report.pk}/")
    shown = page.locator("[data-pivot] tbody tr:first-child td:visible")
    before = shown.count()
    page.locator("[data-folds-columns]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-folds-columns]").first).to_have_attribute("aria-expanded", "false")
    assert 2 == shown.count() < before


def test_the_board_is_put_in_order_by_keys_and_one_that_fails_says_so(enter: Enter, cast: Cast) -> None:
    make_deal(cast.manager)
    for name, asked in (("First", OPEN), ("Second", WON)):
        pins.pin(
            report=saved.add(name=name, definition=asked, by=cast.owner, at=timezone.now()),
            by=cast.owner,
            at=timezone.now(),
        )
    page, (first, _second) = enter(cast.owner), Pin.objects.order_by("place")
    page.route(f"**/dashboard/{first.pk}/", lambda route: route.fulfill(status=500, body=""), times=1)
    page.goto("/dashboard/")
    failed = page.locator(f"#pin-{first.pk}")
    expect(failed).to_contain_text("did not come")
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_contain_text("Total")
    grip = page.get_by_role("button", name="Move First: arrow keys")
    grip.focus()
    with page.expect_response("**/dashboard/arrange/"):
        page.keyboard.press("ArrowRight")
    expect(grip).to_be_focused()
    expect(page.locator("#board-said")).to_have_text("First is now number 2 of 2.")
    assert list(Pin.objects.order_by("place").values_list("report__name", flat=True)) == ["Second", "First"]
    page.get_by_role("button", name="Take Second off").click()
    expect(page.locator("[data-pin]")).to_have_count(1)
    assert_open_to_everybody(page)


def test_a_filter_is_added_and_taken_away_by_keys(enter: Enter, cast: Cast) -> None:
    make_deal(cast.manager, amount_minor=100_00)
    make_deal(cast.manager, amount_minor=100_00, status="won")
    page = enter(cast.owner)
    page.goto("/reports/new/?about=deals&figure=count&days=all")
    total = page.locator(".c-result__sum b")
    expect(total).to_have_text("2")
    page.get_by_label("Add a filter").select_option("status")
    page.get_by_role("list", name="Filters").get_by_text("won", exact=True).click()
    expect(total).to_have_text("1")
    page.get_by_role("button", name="Take Status away").press("Enter")
    expect(total).to_have_text("2")


@pytest.mark.usefixtures("won")
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(WIDE, "dark"), (PHONE, "light"), ({"width": 360, "height": 740}, "dark")],
    ids=["wide", "phone", "narrow"],
)
def test_the_pages_are_open_to_everybody(enter: Enter, cast: Cast, size: dict[str, int], scheme: str) -> None:
    report = saved.add(name="Won", definition={**WON, "compare": "last_year"}, by=cast.owner, at=timezone.now())
    pins.pin(report=report, by=cast.owner, at=timezone.now())
    page = enter(cast.owner)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for url in (
        "/reports/",
        "/reports/new/?about=deals&row=owner&only=status&status=won&days=from_to&since=2025-01-01",
        f"/reports/{report.pk}/",
        "/reports/ready/open-by-stage/",
        "/help/build-a-report/",
    ):
        page.goto(url)
        assert_open_to_everybody(page)
        assert_fits(page)
    page.goto("/dashboard/")
    expect(page.locator("[data-pin]")).to_contain_text("€450")
    assert_open_to_everybody(page)
    assert_fits(page)
