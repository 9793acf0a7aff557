"""The owner's screen in a real browser: on a desk and on a phone, light and dark, on paper, and there and back again."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.people import Cast
from tests.fixtures import Clock
from tests.reports.company.scene import make_scene

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
MORNING = "/company/?day=2026-10-20"
SHIFTS = """() => new Promise(done => {
    let moved = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { moved += entry.value; }))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(moved), 300);
})"""


@pytest.fixture
def owner(enter: Enter, cast: Cast, clock: Clock) -> Iterator[Page]:
    """An owner whose company has something in every block."""
    make_scene(cast, clock)
    with time_machine.travel(clock.set("2026-10-20 10:00"), tick=True):
        yield enter(cast.owner)


@pytest.mark.parametrize("size", [WIDE, PHONE, {"width": 360, "height": 740}], ids=["wide", "phone", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screen_is_open_to_everybody_and_stands_still(owner: Page, size: dict[str, int], scheme: str) -> None:
    owner.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    owner.set_viewport_size(size)  # type: ignore[arg-type]
    owner.goto(MORNING)
    assert owner.evaluate(SHIFTS) < 0.01
    assert_open_to_everybody(owner)
    for numbers in owner.get_by_text("Show the numbers").all():
        numbers.click()
    assert_open_to_everybody(owner)
    assert_fits(owner)


def test_a_figure_opens_its_records_and_the_way_back_leads_to_its_block(owner: Page) -> None:
    owner.goto(MORNING)
    won = owner.get_by_role("region", name="Won against plan", exact=True)
    won.get_by_role("link", name="€1\u202f400").first.click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Won this month")
    expect(owner.locator("[data-count]")).to_have_attribute("data-count", "2")
    owner.get_by_role("link", name="Back to where you were").click()
    expect(owner).to_have_url(re.compile(re.escape(f"{MORNING}#won") + "$"))
    expect(owner.get_by_role("region", name="Won against plan", exact=True)).to_be_in_viewport()


def test_mornings_are_turned_over_by_the_keyboard(owner: Page) -> None:
    owner.goto(MORNING)
    owner.get_by_role("link", name="Earlier: 13 October").press("Enter")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Company on 13 October 2026")
    expect(owner.get_by_role("region", name="Won against plan", exact=True)).to_contain_text("€1\u202f000")
    owner.get_by_label("The morning of").fill("2026-10-20")
    owner.get_by_label("The morning of").press("Enter")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Company on 20 October 2026")
    owner.get_by_role("link", name="Now", exact=True).click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Company")


def test_paper_has_the_figures_and_none_of_the_controls(owner: Page) -> None:
    owner.goto(MORNING)
    owner.emulate_media(media="print", color_scheme="light")
    expect(owner.get_by_role("region", name="Won against plan", exact=True)).to_be_visible()
    for hidden in (owner.get_by_role("button", name="Excel"), owner.get_by_label("The morning of")):
        expect(hidden).to_be_hidden()
    expect(owner.locator("svg.c-chart__svg:visible").first).to_be_visible()


@pytest.mark.parametrize(("name", "begins"), [("Excel", b"PK"), ("PDF", b"%PDF")])
def test_the_screen_is_taken_along_in_one_click(owner: Page, name: str, begins: bytes, tmp_path: Path) -> None:
    owner.goto(MORNING)
    with owner.expect_download() as taken:
        owner.get_by_role("button", name=name).click()
    taken.value.save_as(tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes().startswith(begins)
