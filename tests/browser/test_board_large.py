"""Five hundred open deals stay smooth: few elements a card, and no script of ours holds the page for longer than a tenth of a second."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Deal, Stage
from tests.factories.crm import make_company, make_stage
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
DEALS, AT_MOST_ELEMENTS, AT_MOST_MS = 500, 24, 100
WATCH = """() => {
  window.ours = [];
  new PerformanceObserver((list) => {
    for (const frame of list.getEntries())
      for (const script of frame.scripts ?? [])
        if (/board|sortable/.test(script.sourceURL)) window.ours.push(script.duration);
  }).observe({ type: "long-animation-frame", buffered: true });
}"""


@pytest.fixture
def board(enter: Enter, cast: Cast, transactional_db: None) -> Page:
    """A lane with all of them open, beside an empty one."""
    full, _empty = make_stage("New", position=1), make_stage("Offer", position=2)
    company = make_company(cast.manager, "Elbe Pharma")
    by = cast.manager
    Deal.objects.bulk_create(
        Deal(title=f"Deal {n}", company=company, stage=full, owner=by, created_by=by, changed_by=by, amount_minor=n)
        for n in range(DEALS)
    )
    page = enter(by)
    page.goto(f"{reverse('crm:deal-board')}?whole={full.pk}")
    expect(page.locator("[data-card]")).to_have_count(DEALS)
    page.evaluate(WATCH)
    return page


def slowest(page: Page) -> float:
    page.wait_for_timeout(300)
    longest: Any = page.evaluate("() => Math.max(0, ...window.ours)")
    return float(longest)


def test_a_card_has_few_elements_and_those_out_of_sight_are_not_laid_out(board: Page) -> None:
    counts: Any = board.evaluate(
        "() => [...document.querySelectorAll('[data-card]')].map((card) => card.querySelectorAll('*').length)"
    )
    assert max(counts) <= AT_MOST_ELEMENTS
    assert board.locator("[data-card]").last.evaluate("card => getComputedStyle(card).contentVisibility") == "auto"


def test_keys_and_hand_move_a_card_among_five_hundred(board: Page) -> None:
    card = board.locator("[data-card]").nth(3)
    card.focus()
    for key in ("Space", "ArrowRight", "ArrowLeft", "ArrowRight"):
        board.keyboard.press(key)
    with board.expect_response(lambda answer: "/move/" in answer.url):
        board.keyboard.press("Space")
    expect(board.get_by_role("region", name="Offer", exact=True).locator("[data-card]")).to_have_count(1)
    box = board.locator("[data-card]").nth(1).bounding_box()
    goal = board.get_by_role("region", name="Offer", exact=True).bounding_box()
    assert box
    assert goal
    board.mouse.move(box["x"] + 60, box["y"] + 40)
    board.mouse.down()
    board.mouse.move(box["x"] + 70, box["y"] + 250, steps=20)
    board.mouse.move(goal["x"] + 80, goal["y"] + 100, steps=20)
    expect(board.get_by_role("region", name="Offer", exact=True)).to_have_class("c-lane is-target")
    with board.expect_response(lambda answer: "/move/" in answer.url):
        board.mouse.up()
    expect(board.get_by_role("region", name="Offer", exact=True).locator("[data-card]")).to_have_count(2)
    assert slowest(board) <= AT_MOST_MS
    assert Deal.objects.filter(stage=Stage.objects.get(name="Offer")).count() == 2
