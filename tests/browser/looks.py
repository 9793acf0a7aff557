"""What holds for every page, whoever made it: nobody is shut out, and nothing sticks out of a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Elements whose right edge lies beyond the window, without a scrolling parent that holds them. Asking for the page's
# scroll width would miss what an ancestor hides.
STICKING_OUT = """width => [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    if (!box.width || box.right <= width + 0.5) return false;
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
        const holds = /auto|scroll|hidden|clip/.test(getComputedStyle(parent).overflowX);
        if (holds && parent.getBoundingClientRect().right <= width + 0.5) return false;
    }
    return true;
}).map(element => `${element.tagName} ${element.getAttribute("class") ?? ""}`)"""


def assert_open_to_everybody(page: Page) -> None:
    """Fail with the first of each kind of barrier that axe finds, whatever its weight."""
    found = Axe().run(page).response["violations"]
    barriers = [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]
    assert not barriers, barriers


def assert_fits(page: Page) -> None:
    """Fail with what sticks out on the right, or makes the whole page wider than its window."""
    assert page.viewport_size
    width = page.viewport_size["width"]
    assert page.evaluate(STICKING_OUT, width) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
