"""Deals on the board, moved by hand, by touch, by keys and by menu; a refused one goes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from accounts.models import User
from crm.models import Deal, DealStatus, LossReason, Stage
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_company, make_deal, make_stage, make_task
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser


@pytest.fixture
def lanes(transactional_db: None) -> list[Stage]:
    return [
        make_stage("New", position=1, probability=10, colour="grey"),
        make_stage("Offer", position=2, probability=50, colour="blue"),
        make_stage("Contract", position=3, probability=90, colour="orange", required_fields=["amount_minor"]),
    ]


@pytest.fixture
def board(enter: Enter, cast: Cast, lanes: list[Stage]) -> Page:
    """The board of a manager with a late deal, a bare one and one in order."""
    company = make_company(cast.manager, "Elbe Pharma")
    late = make_deal(cast.manager, "Fleet renewal", stage=lanes[0], company=company, amount_minor=2_100_000)
    make_task(cast.manager, timezone.now() - timedelta(days=3), "Demo on site", deal=late)
    make_deal(cast.manager, "Training package", stage=lanes[0])
    planned = make_deal(cast.manager, "Licence extension", stage=lanes[1], amount_minor=1_000_000)
    make_task(cast.manager, timezone.now() + timedelta(days=1), "Check budget", deal=planned)
    page = enter(cast.manager)
    page.goto(reverse("crm:deal-board"))
    return page


def titles(page: Page, lane: str) -> list[str]:
    return page.get_by_role("region", name=lane, exact=True).locator("[data-card] h3").all_inner_texts()


def card(page: Page, title: str) -> Locator:
    return page.locator(f'[data-card][data-title="{title}"]')


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def stage_of(title: str) -> str:
    return Deal.objects.get(title=title).stage.name


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_is_open_to_everybody_and_fits(board: Page, size: dict[str, int], scheme: str) -> None:
    board.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    board.set_viewport_size(size)  # type: ignore[arg-type]
    board.reload()
    assert_open_to_everybody(board)
    assert_fits(board)


def test_a_card_is_dragged_to_another_lane(board: Page) -> None:
    source = box_of(card(board, "Fleet renewal"))
    target = box_of(board.get_by_role("region", name="Offer", exact=True))
    board.mouse.move(source["x"] + 60, source["y"] + 40)
    board.mouse.down()
    board.mouse.move(source["x"] + 90, source["y"] + 50, steps=5)
    board.mouse.move(target["x"] + 80, target["y"] + 100, steps=12)
    with board.expect_response(lambda answer: "/move/" in answer.url):
        board.mouse.up()
    expect(board.get_by_role("region", name="Offer", exact=True).locator("[data-card]")).to_have_count(2)
    expect(board.locator("#board-tallies")).to_contain_text("1 overdue next step")
    assert stage_of("Fleet renewal") == "Offer"
    expect(board.locator(f"#lane-sum-{Stage.objects.get(name='Offer').pk}")).to_contain_text("€31k")


def test_keys_carry_a_card_and_escape_puts_it_back(board: Page) -> None:
    card(board, "Fleet renewal").focus()
    for key in ("Space", "ArrowRight", "Escape"):
        board.keyboard.press(key)
    assert "Fleet renewal" in titles(board, "New")
    with board.expect_response(lambda answer: "/move/" in answer.url):
        for key in ("Space", "ArrowRight", "Space"):
            board.keyboard.press(key)
    expect(card(board, "Fleet renewal")).to_be_focused()
    assert "Fleet renewal" in titles(board, "Offer")
    assert stage_of("Fleet renewal") == "Offer"


def test_the_menu_wins_a_deal(board: Page) -> None:
    board.get_by_role("button", name="Move Licence extension").click()
    with board.expect_response(lambda answer: "/move/" in answer.url):
        board.get_by_role("button", name="Won · 30 days").click()
    assert titles(board, "Won · 30 days") == ["Licence extension"]
    assert Deal.objects.get(title="Licence extension").status == DealStatus.WON


def test_a_stage_that_needs_an_amount_asks_and_then_moves(board: Page) -> None:
    board.get_by_role("button", name="Move Training package").click()
    board.get_by_role("button", name="Contract", exact=True).click()
    dialog = board.get_by_role("dialog", name="Training package to Contract")
    expect(dialog.get_by_label("Amount, EUR")).to_be_focused()
    assert "Training package" in titles(board, "New")
    assert_open_to_everybody(board)
    board.keyboard.press("Enter")
    expect(dialog.get_by_text("This field is required.")).to_be_visible()
    board.keyboard.type("24 000")
    board.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(board.get_by_role("region", name="Contract", exact=True).locator("[data-card]")).to_have_count(1)
    assert Deal.objects.get(title="Training package").amount_minor == 2_400_000


def test_a_refused_move_says_why_and_the_card_lies_where_it_is(board: Page) -> None:
    stage = Stage.objects.get(name="Offer")
    stage.required_fields = ["contacts"]
    stage.save()
    Deal.objects.filter(title="Fleet renewal").update(status=DealStatus.WON)
    board.get_by_role("button", name="Move Fleet renewal").click()
    board.get_by_role("button", name="Offer", exact=True).click()
    expect(board.locator("#toasts")).to_contain_text("won this deal in the meantime")
    expect(board.get_by_role("region", name="Won · 30 days").locator("[data-card]")).to_have_count(1)


def test_a_lost_deal_says_why_without_leaving_the_board(board: Page) -> None:
    LossReason.objects.create(name="Price")
    board.get_by_role("button", name="Move Fleet renewal").click()
    board.get_by_role("button", name="Lost…").click()
    dialog = board.get_by_role("dialog", name="Fleet renewal is lost")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(dialog.get_by_text("Choose why it was lost")).to_be_visible()
    dialog.get_by_label("Price").check()
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(card(board, "Fleet renewal")).to_have_count(0)
    assert Deal.objects.get(title="Fleet renewal").status == DealStatus.LOST


def test_an_exception_narrows_the_board_and_opens_it_again(board: Page) -> None:
    board.get_by_role("link", name="1 without a next step").click()
    assert titles(board, "New") == ["Training package"]
    board.get_by_role("link", name="Show all").click()
    assert len(titles(board, "New")) == 2


def test_a_new_deal_appears_without_a_reload(board: Page) -> None:
    board.keyboard.press("n")
    dialog = board.get_by_role("dialog", name="New deal")
    dialog.get_by_label("Title").fill("Warehouse upgrade")
    board.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(card(board, "Warehouse upgrade")).to_be_visible()
    expect(board.locator("#board-sum")).to_contain_text("4 open")


def test_on_a_phone_a_long_press_picks_the_card_up(browser: Browser, live_server: Any, board: Page, cast: Cast) -> None:
    touch = browser.new_context(
        base_url=live_server.url, has_touch=True, is_mobile=True, reduced_motion="reduce",
        viewport=PHONE,  # type: ignore[arg-type]
        storage_state=board.context.storage_state(),
    )  # fmt: skip
    page = touch.new_page()
    page.goto(reverse("crm:deal-board"))
    box = box_of(card(page, "Fleet renewal"))
    wire = touch.new_cdp_session(page)

    def finger(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(40)

    x, y = box["x"] + 60, box["y"] + 40
    finger("touchStart", x, y)
    page.wait_for_timeout(400)
    for step in range(1, 16):
        finger("touchMove", x + step * 18, y + 2)
    edge = x + 15 * 18
    for step in range(60):
        if page.locator(".c-board").evaluate("board => board.scrollLeft") > 250:
            break
        finger("touchMove", edge + step % 2, y + 2)
    for step in range(1, 12):
        finger("touchMove", edge - step * 15, y + 2)
    with page.expect_response(lambda answer: "/move/" in answer.url):
        finger("touchEnd")
    assert stage_of("Fleet renewal") in ("Offer", "Contract")
    touch.close()
