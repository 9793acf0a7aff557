"""The owner's screen: every figure opens as many records of the same sum, now and as of a morning that was kept."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from reports.behind import asked
from reports.behind.page import Behind
from reports.company import Screen, read
from reports.company.blocks import Cell
from reports.services import readings
from tests.reports.company.scene import Scene, change_everything

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
KEPT = date(2026, 10, 20)
LINK = re.compile(r'href="(/behind/[^"]+)"')


def opened(scene: Scene, url: str) -> Behind:
    parts = urlsplit(url)
    return Behind(
        scene.cast.owner,
        asked.read(parts.path.split("/")[2], QueryDict(parts.query), now=scene.clock.now),
        scene.clock.now,
    )


def lists(screen: Screen) -> dict[str, Cell]:
    """The figures that open a list, by address."""
    cells = [cell for block in screen.blocks for cell in block.cells]
    return {cell.href: cell for cell in cells if cell.href.startswith("/behind/")}


def assert_opens(scene: Scene, screen: Screen) -> set[str]:
    """Every list holds what its figure counts; returns the keys of the figures."""
    for url, cell in lists(screen).items():
        page = opened(scene, url)
        assert cell.behind is not None
        assert page.count == cell.behind.count, (url, cell)
        said = {currency: minor for currency, minor in cell.behind.minor.items() if minor}
        assert {currency: minor for currency, minor in page.minor.items() if minor} == said, (url, cell)
    return {urlsplit(url).path.split("/")[2] for url in lists(screen)}


SHOWN = {
    "won", "plan", "deals_due", "deals_open", "overdue", "deals_bare", "deals_late", "entered_stage", "moved_on", "lost_here", "stage_days", "lost",
    "lost_to", "lost_product", "complaints_open", "complaints_new", "repeat_buyers", "first_buyers", "falling", "quality",
    "known_to_one", "liability", "unsigned", "unreviewed",
}  # fmt: skip


def test_every_figure_opens_what_it_counts(scene: Scene) -> None:
    readings.read(at=scene.clock.now)
    screen = read(scene.cast.owner, day=None, now=scene.clock.now)
    assert assert_opens(scene, screen) >= SHOWN


def test_the_morning_that_was_kept_stays_to_the_cent_though_everything_changed(scene: Scene) -> None:
    before = read(scene.cast.owner, day=KEPT, now=scene.clock.now)
    change_everything(scene)
    readings.read(at=scene.clock.set("2026-10-21 07:00"))
    scene.clock.set("2026-10-21 10:00")
    after = read(scene.cast.owner, day=KEPT, now=scene.clock.now)
    assert [block.facts for block in after.blocks] == [block.facts for block in before.blocks]
    assert [block.grids for block in after.blocks] == [block.grids for block in before.blocks]
    assert assert_opens(scene, after) >= SHOWN
    changed = read(scene.cast.owner, day=None, now=scene.clock.now)
    assert [block.facts for block in changed.blocks] != [block.facts for block in after.blocks]
    assert assert_opens(scene, changed)


def test_every_link_of_the_page_is_one_that_was_counted(scene: Scene, sign_in: SignIn) -> None:
    page = sign_in(scene.cast.owner).get(f"/company/?day={KEPT}").content.decode()
    screen = read(scene.cast.owner, day=KEPT, now=scene.clock.now)
    assert {unescape(url) for url in LINK.findall(page)} == set(lists(screen))
    assert all(f"back=%2Fcompany%2F%3Fday%3D{KEPT}%23" in url for url in lists(screen))
