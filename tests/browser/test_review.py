"""The head's morning in a real browser: all cards in one screen, by keys alone, by mouse alone, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.history.clock import movable, show
from crm.when import local_day
from discipline.models import CardReview, Scorecard
from discipline.services import days
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_deal
from tests.factories.discipline import make_assignment, make_scored
from tests.factories.people import Cast, make_user

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser


def last_workday(now: datetime) -> date:
    day = local_day(now, "Europe/Warsaw") - timedelta(days=1)
    while day.isoweekday() > 5:
        day -= timedelta(days=1)
    return day


@pytest.fixture
def head(enter: Enter, cast: Cast) -> Iterator[Page]:
    """A head with three cards of the last workday; one of them has a deal without a task."""
    with movable():
        scheme = make_scored(cast)
        make_assignment(make_user("Zoe Zander", team=cast.team), cast.team, scheme, cast.admin)
        day = last_workday(timezone.now())
        show(datetime.fromisoformat(f"{day}T10:00:00+01:00"))
        make_deal(cast.manager, "Fleet renewal")
        show(None)
        days.close(team=cast.team, day=day, at=timezone.now())
        yield enter(cast.head)


def chosen(page: Page) -> str:
    return page.locator("#review-who").inner_text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_about_a_team_are_open_to_everybody(head: Page, size: dict[str, int], scheme: str) -> None:
    head.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    head.set_viewport_size(size)  # type: ignore[arg-type]
    for url in (
        "/team-day/",
        "/team-day/period/?span=last_month",
        "/team-day/period/",
        "/team-day/review/",
        "/team-day/signals/",
    ):
        head.goto(url)
        assert_open_to_everybody(head)
        assert_fits(head)
    head.goto("/team-day/review/")
    head.keyboard.press("e")
    expect(head.locator(".c-outcome__body table, .c-outcome__body .c-empty").first).to_be_visible()
    assert_open_to_everybody(head)
    assert_fits(head)
    head.goto(f"/cards/{Scorecard.objects.order_by('pk')[0].pk}/")
    assert_open_to_everybody(head)
    assert_fits(head)


def test_a_morning_is_reviewed_by_keys_alone(head: Page, cast: Cast) -> None:
    head.goto("/team-day/review/")
    first = chosen(head)
    head.keyboard.press("j")
    expect(head.locator("#review-who")).not_to_have_text(first)
    second = chosen(head)
    head.keyboard.press("ArrowUp")
    expect(head.locator("#review-who")).to_have_text(first)
    head.keyboard.press("Enter")
    expect(head.locator("#review-who")).to_have_text(second)
    expect(head.get_by_text("1 / 3")).to_be_visible()
    head.keyboard.press("n")
    expect(head.get_by_label("Note")).to_be_focused()
    head.keyboard.type("Talk about the deal")
    head.keyboard.press("Enter")
    expect(head.get_by_text("2 / 3")).to_be_visible()
    head.keyboard.press("Space")
    expect(head.get_by_text("All reviewed")).to_be_visible()
    notes = CardReview.objects.filter(reviewer=cast.head).order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["", "Talk about the deal", ""]


def test_the_keys_are_listed_and_escape_leaves_the_note(head: Page) -> None:
    head.goto("/team-day/review/")
    head.keyboard.press("?")
    expect(head.get_by_role("dialog", name="Keys of the review")).to_be_visible()
    head.keyboard.press("Escape")
    head.keyboard.press("n")
    head.keyboard.press("j")
    expect(head.get_by_label("Note")).to_have_value("j")
    head.keyboard.press("Escape")
    expect(head.get_by_role("button", name="Reviewed")).to_be_focused()


def test_records_open_in_place_one_rule_after_the_other(head: Page, cast: Cast) -> None:
    head.goto(f"/team-day/review/?card={Scorecard.objects.get(user=cast.manager).pk}")
    rules = head.locator(".c-outcome > details")
    for _rule in range(rules.count()):
        head.keyboard.press("e")
    expect(head.get_by_role("link", name="Fleet renewal")).to_be_visible()
    expect(head.locator(".c-outcome > details[open]")).to_have_count(rules.count())
    head.keyboard.press("e")
    expect(head.locator(".c-outcome > details[open]")).to_have_count(0)


def test_a_correction_is_entered_over_the_screen(head: Page) -> None:
    head.goto("/team-day/review/")
    head.keyboard.press("a")
    expect(head.get_by_role("dialog", name="Correct points")).to_be_visible()
    head.keyboard.press("Escape")
    expect(head.get_by_role("button", name="Reviewed")).to_be_focused()


def test_a_morning_is_reviewed_by_touch(head: Page, cast: Cast) -> None:
    head.set_viewport_size(PHONE)  # type: ignore[arg-type]
    head.goto("/team-day/review/")
    head.locator(".c-review__people a", has_text="Anna Manager").click()
    expect(head.locator("#review-who")).to_have_text("Anna Manager")
    for done in (1, 2):
        head.get_by_role("button", name="Reviewed").click()
        expect(head.get_by_text(f"{done} / 3")).to_be_visible()
    head.get_by_role("button", name="Reviewed").click()
    expect(head.get_by_text("All reviewed")).to_be_visible()
    assert CardReview.objects.filter(reviewer=cast.head).count() == 3


def test_the_cell_of_a_period_opens_its_days(head: Page) -> None:
    head.goto(f"/team-day/period/?from={last_workday(timezone.now()) - timedelta(days=3)}&until={timezone.localdate()}")
    head.locator("#by-rule ~ *, section", has_text="People and rules").locator("tbody tr").first.locator(
        "a.c-heat__cell"
    ).first.click()
    expect(head.get_by_role("dialog").get_by_role("table", name="Days behind this figure")).to_be_visible()
