"""The journey of a deal on the board to won or lost: by mouse, by keys and by touch; what a stage needs is asked on the way."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from accounts.models import User
from crm.models import Deal, DealStatus, LossReason, Pipeline, Product, Stage
from tests.browser.conftest import PHONE
from tests.browser.looks import assert_open_to_everybody
from tests.factories.crm import make_company, make_deal, make_stage
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
WON = "Won · 30 days"


@pytest.fixture
def deal(transactional_db: None, cast: Cast) -> Deal:
    """A deal in the first of three stages; the last one asks for an amount and products."""
    new = make_stage("New", position=1, colour="grey")
    make_stage("Offer", position=2, colour="blue")
    make_stage("Contract", position=3, colour="orange", required_fields=["amount_minor", "lines"])
    LossReason.objects.create(name="Price", position=1)
    LossReason.objects.create(name="A competitor", position=2, asks_competitor=True)
    Product.objects.create(name="Pump")
    company = make_company(cast.manager, "Elbe Pharma")
    for n in range(6):
        make_deal(cast.manager, f"Deal {n}", stage=new, company=company)
    return make_deal(cast.manager, "Fleet renewal", stage=new, company=company)


@pytest.fixture
def board(enter: Enter, cast: Cast, deal: Deal) -> Page:
    page = enter(cast.manager)
    page.goto(reverse("crm:deal-board"))
    return page


def card(page: Page) -> Locator:
    return page.locator('[data-card][data-title="Fleet renewal"]')


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def pick_up(page: Page) -> None:
    box = box_of(card(page))
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60, steps=5)


def carry_to(page: Page, place: Locator) -> None:
    box = box_of(place)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 200), steps=15)
    expect(place).to_have_class(re.compile("is-target"))


def test_by_mouse_a_deal_is_won_and_the_win_is_taken_back(board: Page, deal: Deal) -> None:
    pick_up(board)
    carry_to(board, board.locator("[data-outcome='won']"))
    with board.expect_response(lambda answer: "/move/" in answer.url):
        board.mouse.up()
    expect(lane(board, WON).locator("[data-card]")).to_have_count(1)
    expect(board.locator("[data-outcome='won']")).not_to_be_visible()
    deal.refresh_from_db()
    assert deal.status == DealStatus.WON
    with board.expect_response(lambda answer: "/reopen/" in answer.url):
        board.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(lane(board, "New").locator("[data-card]")).to_have_count(7)
    deal.refresh_from_db()
    assert deal.status == DealStatus.OPEN


def test_by_keys_a_deal_is_won(board: Page, deal: Deal) -> None:
    card(board).focus()
    board.keyboard.press("Space")
    with board.expect_response(lambda answer: "/move/" in answer.url):
        board.keyboard.press("w")
    expect(card(board).get_by_role("link")).to_be_focused()
    expect(lane(board, WON).locator("[data-card]")).to_have_count(1)
    deal.refresh_from_db()
    assert deal.status == DealStatus.WON


def test_by_mouse_a_deal_is_lost_with_its_reason_and_competitor(board: Page, deal: Deal) -> None:
    pick_up(board)
    carry_to(board, board.locator("[data-outcome='lost']"))
    board.mouse.up()
    dialog = board.get_by_role("dialog", name="Fleet renewal is lost")
    expect(dialog).to_be_visible()
    expect(lane(board, "New").locator("[data-card]")).to_have_count(7)
    dialog.get_by_label("A competitor").check()
    board.keyboard.press("Enter")
    expect(dialog.get_by_text("Say which competitor got the deal.")).to_be_visible()
    assert_open_to_everybody(board)
    dialog.get_by_label("Who got it").fill("Hansa Med")
    board.keyboard.press("Enter")
    expect(card(board)).to_have_count(0)
    deal.refresh_from_db()
    assert (deal.status, str(deal.loss_reason), deal.competitor) == (DealStatus.LOST, "A competitor", "Hansa Med")


def test_by_keys_a_deal_is_lost_and_a_closed_question_leaves_it_in_its_lane(board: Page, deal: Deal) -> None:
    card(board).focus()
    for key in ("Space", "ArrowRight", "l"):
        board.keyboard.press(key)
    dialog = board.get_by_role("dialog", name="Fleet renewal is lost")
    expect(dialog).to_be_visible()
    board.keyboard.press("Escape")
    expect(card(board)).to_be_focused()
    expect(lane(board, "New").locator("[data-card]")).to_have_count(7)
    board.keyboard.press("Space")
    board.keyboard.press("l")
    dialog.get_by_label("Price").check()
    board.keyboard.press("Enter")
    expect(card(board)).to_have_count(0)
    deal.refresh_from_db()
    assert str(deal.loss_reason) == "Price"


def test_what_a_stage_needs_is_asked_in_place_and_no_more(board: Page, deal: Deal) -> None:
    card(board).focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        board.keyboard.press(key)
    dialog = board.get_by_role("dialog", name="Fleet renewal to Contract")
    expect(dialog.get_by_label("Amount, EUR")).to_be_focused()
    expect(dialog.locator(".c-field")).to_have_count(2)
    board.keyboard.type("24 000")
    dialog.locator(".ts-control").click()
    board.keyboard.type("Pum")
    dialog.get_by_role("option", name="Pump").click()
    dialog.get_by_role("button", name="Save and move to Contract").click()
    expect(lane(board, "Contract").locator("[data-card]")).to_have_count(1)
    deal.refresh_from_db()
    assert (deal.stage.name, deal.amount_minor, deal.lines.get().product.name) == ("Contract", 2_400_000, "Pump")


def test_a_deal_goes_on_in_another_pipeline(board: Page, deal: Deal) -> None:
    repair: Stage = make_stage("Repair", Pipeline.objects.create(name="Service", position=9))
    board.reload()
    board.get_by_role("button", name="Move Fleet renewal").click()
    board.get_by_role("button", name="Another pipeline…").click()
    dialog = board.get_by_role("dialog", name="Move Fleet renewal to another pipeline")
    dialog.get_by_label("Pipeline and stage").select_option("Repair")
    dialog.get_by_role("button", name="Move deal").click()
    expect(card(board)).to_have_count(0)
    deal.refresh_from_db()
    assert deal.stage == repair


def test_the_board_is_narrowed_while_typing_and_its_address_can_be_shared(board: Page) -> None:
    board.get_by_label("Search the board").press_sequentially("fleet")
    expect(lane(board, "New").locator("[data-card]")).to_have_count(1)
    expect(board.get_by_label("Search the board")).to_be_focused()
    expect(board).to_have_url(f"{reverse('crm:deal-board')}?q=fleet")
    board.get_by_role("button", name="Filter").click()
    board.get_by_label("Expected close").select_option("Closes this month")
    expect(lane(board, "New").locator("[data-card]")).to_have_count(0)
    board.reload()
    expect(board.get_by_label("Search the board")).to_have_value("fleet")
    board.get_by_role("link", name="Take away: Closes this month").click()
    expect(lane(board, "New").locator("[data-card]")).to_have_count(1)
    board.get_by_role("link", name="Show all").click()
    expect(lane(board, "New").locator("[data-card]")).to_have_count(7)


@pytest.fixture
def phone(browser: Browser, live_server: Any, board: Page) -> Iterator[Page]:
    """The board in the hand."""
    context = browser.new_context(
        base_url=live_server.url, has_touch=True, is_mobile=True, reduced_motion="reduce",
        viewport=PHONE,  # type: ignore[arg-type]
        storage_state=board.context.storage_state(),
    )  # fmt: skip
    page = context.new_page()
    page.goto(reverse("crm:deal-board"))
    yield page
    context.close()


def finger(page: Page, deal: Deal, outcome: str) -> None:
    """Hold the card, carry it to where it is closed, let go."""
    wire = page.context.new_cdp_session(page)

    def touch(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(30)

    box = box_of(card(page))
    x, y = box["x"] + 60, box["y"] + 40
    touch("touchStart", x, y)
    page.wait_for_timeout(400)
    touch("touchMove", x + 10, y + 10)
    touch("touchMove", x + 14, y + 20)
    goal = box_of(page.locator(f"[data-outcome='{outcome}']"))
    to_x, to_y = goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2
    for step in range(1, 16):
        touch("touchMove", x + (to_x - x) * step / 15, y + (to_y - y) * step / 15)
    touch("touchMove", to_x + 1, to_y)
    touch("touchEnd")


def test_by_touch_a_deal_is_won(phone: Page, deal: Deal) -> None:
    with phone.expect_response(lambda answer: "/move/" in answer.url):
        finger(phone, deal, "won")
    expect(phone.locator("#toasts")).to_contain_text("Won. Well done.")
    deal.refresh_from_db()
    assert deal.status == DealStatus.WON


def test_by_touch_a_deal_is_lost(phone: Page, deal: Deal) -> None:
    finger(phone, deal, "lost")
    dialog = phone.get_by_role("dialog", name="Fleet renewal is lost")
    dialog.get_by_text("Price").tap()
    dialog.get_by_role("button", name="Mark as lost").tap()
    expect(card(phone)).to_have_count(0)
    deal.refresh_from_db()
    assert deal.status == DealStatus.LOST
