"""The head's morning in a real browser: one screen on a desk, for a thumb on a phone, and the stand-up on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.history.clock import movable, show
from crm.when import local_day
from discipline.models import Leave, Plan, Priority
from discipline.services import days
from discipline.services.plans import month_of
from reports.models.visits import StageVisit
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_activity, make_deal, make_stage, make_task
from tests.factories.discipline import make_assignment, make_policy, make_scheme
from tests.factories.people import Cast, make_user

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
NAMES = (
    "Aleksandra Brzęczyszczykiewicz", "Bartosz Nowak", "Claire Dubois", "Dmitri Sokolov", "Elena García", "Filip Wójcik",
)  # fmt: skip
SMALL_TARGETS = """() => [...document.querySelectorAll("#main a, #main button")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.height < 43.5 || box.width < 43.5);
}).map(one => `${one.textContent.trim()} ${one.getBoundingClientRect().width}x${one.getBoundingClientRect().height}`)"""


def make_team_of_eight(cast: Cast) -> list[User]:
    """Eight people who work every day, so that the test says the same on a Sunday."""
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin)
    people = [cast.manager, cast.teammate, *(make_user(name, team=cast.team) for name in NAMES)]
    for person in people:
        make_assignment(person, cast.team, scheme, cast.admin, workdays=[1, 2, 3, 4, 5, 6, 7])
    return people


def fill(cast: Cast, people: list[User], now: datetime) -> None:
    """A full morning: every kind of exception, plans, priorities, requests, a closed day."""
    today = local_day(now, "Europe/Warsaw")
    first, last = month_of(today)
    show(now - timedelta(days=1, hours=6))
    for n, person in enumerate(people):
        make_deal(person, f"Deal {n}", amount_minor=50_000_00)
        make_deal(person, f"Won {n}", amount_minor=(n + 1) * 9_000_00, status="won")
        make_task(person, now - timedelta(hours=7), f"Late {n}")
        Plan.objects.create(
            user=person, metric="sum_won", first=first, last=last, target=Decimal(60_000), set_by=cast.head
        )
    show(None)
    days.close(team=cast.team, day=today - timedelta(days=1), at=now)
    for n, person in enumerate(people):
        if n % 2:
            make_activity(person, now)
            for place in (1, 2, 3):
                task = make_task(person, now + timedelta(hours=place), f"A thing that matters most of all {place}")
                Priority.objects.create(user=person, day=today, place=place, task=task)
        Leave.objects.create(
            user=person, from_at=now + timedelta(days=9), until_at=now + timedelta(days=12), asked_by=person
        )


@pytest.fixture
def morning(enter: Enter, cast: Cast) -> Iterator[Page]:
    """A head of eight people with a full morning."""
    with movable():
        fill(cast, make_team_of_eight(cast), timezone.now())
        yield enter(cast.head)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_team_of_eight_is_one_screen(morning: Page, scheme: str) -> None:
    morning.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    morning.set_viewport_size(WIDE)  # type: ignore[arg-type]
    morning.goto("/morning/")
    expect(morning.locator(".c-morning__people tbody tr")).to_have_count(8)
    assert morning.evaluate("() => document.documentElement.scrollHeight") <= WIDE["height"]
    assert morning.locator("#people").evaluate("one => one.querySelector('table').offsetWidth <= one.clientWidth")
    assert_fits(morning)
    assert_open_to_everybody(morning)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_thumb_finds_everything(morning: Page, scheme: str) -> None:
    morning.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for width in (PHONE["width"], 360):
        morning.set_viewport_size({"width": width, "height": PHONE["height"]})
        for url in ("/morning/", "/morning/agenda/"):
            morning.goto(url)
            expect(morning.get_by_role("heading", level=1)).to_be_visible()
            assert morning.evaluate(SMALL_TARGETS) == [], url
            assert_fits(morning)
    assert_open_to_everybody(morning)


def test_from_an_exception_to_its_records_and_back_to_the_same_place(morning: Page) -> None:
    morning.goto("/morning/")
    morning.locator("#exceptions").get_by_role("link", name="overdue").click()
    expect(morning.locator("#records-title")).to_have_attribute("data-count", "8")
    morning.go_back()
    morning.locator(".c-morning__people tbody tr").first.locator("a.is-bad").click()
    expect(morning.locator("#records-title")).to_have_attribute("data-count", "1")
    morning.get_by_role("link", name="Back").click()
    expect(morning).to_have_url("/morning/#people")


def test_the_list_narrows_to_who_entered_nothing(morning: Page) -> None:
    morning.goto("/morning/")
    morning.locator("#exceptions").get_by_role("link", name="entered nothing yet").click()
    expect(morning.locator(".c-morning__people tbody tr")).to_have_count(4)
    morning.get_by_role("link", name="Show everybody").click()
    expect(morning.locator(".c-morning__people tbody tr")).to_have_count(8)


def test_the_stand_up_goes_on_paper(morning: Page) -> None:
    morning.goto("/morning/")
    morning.get_by_role("link", name="Agenda", exact=True).click()
    expect(morning.get_by_role("heading", name="Stand-up, 15 minutes")).to_be_visible()
    expect(morning.locator("#part-first").get_by_role("listitem")).to_have_count(8)
    assert_open_to_everybody(morning)
    morning.emulate_media(media="print")
    expect(morning.locator(".c-sheet__lines")).to_be_visible()
    expect(morning.locator(".c-sidebar")).to_be_hidden()
    expect(morning.get_by_role("button", name="Print")).to_be_hidden()
    assert re.findall(rb"/Count (\d+)", morning.pdf(format="A4")) == [b"1"], "it fits on one sheet"


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_a_weak_link_becomes_a_note(enter: Enter, cast: Cast, size: dict[str, int], scheme: str) -> None:
    stage, now = make_stage("Offer"), timezone.now()
    for person, passed, tried in ((cast.manager, 12, 60), (cast.teammate, 40, 100)):
        deal = make_deal(person, f"Deal of {person}", stage=stage)
        StageVisit.objects.bulk_create(
            StageVisit(
                deal=deal, place=period * 1000 + n, stage=stage, person=person, outcome="on" if n < passed else "lost",
                entered_at=now - timedelta(days=30 + 90 * period), left_at=now - timedelta(days=20 + 90 * period),
            )
            for period in (0, 1)
            for n in range(tried)
        )  # fmt: skip
    page = enter(cast.head)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto("/weak-links/")
    expect(page.get_by_role("heading", name="Worth a talk")).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
    page.get_by_role("link", name="Write a coaching note").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("12/60 moved on")
    assert_open_to_everybody(page)
    page.get_by_role("button", name="Make it a task").click()
    expect(page.get_by_text("The note is a task of Hanna now.")).to_be_visible()
