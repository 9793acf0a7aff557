"""What the five main pages bring over the network, compressed as it is served, and whether anything on them jumps."""

from collections.abc import Callable
from datetime import timedelta
from gzip import compress
from pathlib import Path
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Response

from accounts.models import User
from crm.models import Company
from tests.browser.conftest import PHONE, WIDE
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser

FIRST, AFTERWARDS = 150_000, 40_000
ROWS = 50  # what a page of a list holds
PAGES = ["reports:my-day", "crm:deal-board", "crm:company", "crm:company-list", "crm:queue"]
SHIFT = """() => new Promise(done => {
    let moved = [];
    new PerformanceObserver(list => moved.push(...list.getEntries()))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(moved.flatMap(one => one.sources.map(source => source.node?.outerHTML?.slice(0, 120)))), 300);
})"""


@pytest.fixture
def client(cast: Cast) -> Company:
    """A manager with as many companies, deals and tasks as a page shows."""
    by, now = cast.manager, timezone.now()
    stage = make_stage()
    for number in range(ROWS):
        company = make_company(by, f"Łódź Foods {number:02}", city="Gdynia", phone="+48 22 555 01 97")
        contact = make_contact(by, f"Nadia Bauer {number:02}", company=company)
        deal = make_deal(by, f"Fleet renewal {number:02}", stage=stage, company=company)
        make_task(
            by, now + timedelta(hours=number - 25), f"Call about the offer {number:02}", deal=deal, company=company
        )
    for number in range(ROWS):
        make_activity(by, now - timedelta(hours=number + 1), company=company, contact=contact, note=f"Talked, {number}")
    return company


def address(name: str, company: Company) -> str:
    return reverse(name, args=[company.pk] if name == "crm:company" else [])


def weight(response: Response) -> int:
    """The body as the production server sends it: files with Brotli, pages with gzip, fonts as they are."""
    path = urlsplit(response.url).path
    if not path.startswith(settings.STATIC_URL):
        return len(compress(response.body()))
    content = Path(str(finders.find(path.removeprefix(settings.STATIC_URL)))).read_bytes()
    return len(content) if path.endswith(".woff2") else len(brotli.compress(content))


@pytest.mark.parametrize("name", PAGES)
def test_a_main_page_stays_within_its_weight(enter: Enter, cast: Cast, client: Company, name: str) -> None:
    page = enter(cast.manager)
    brought: list[Response] = []
    page.on("response", lambda one: brought.append(one))
    page.goto(address(name, client))
    page.wait_for_load_state("networkidle")
    files = {one.url: weight(one) for one in brought if urlsplit(one.url).path.startswith(settings.STATIC_URL)}
    answers = {one.url: weight(one) for one in brought if one.url not in files}
    assert any(url.endswith(".woff2") for url in files)
    assert sum(answers.values()) <= AFTERWARDS, answers  # files are kept: they carry the hash of what is in them
    assert sum(answers.values()) + sum(files.values()) <= FIRST, files


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_main_page_jumps(
    enter: Enter, cast: Cast, client: Company, name: str, size: dict[str, int]
) -> None:
    page = enter(cast.manager)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(address(name, client))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFT) == []
