"""The second journey: through the queue by keys. And the calendar: a task that is dragged is a push."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Activity, QueueMark, Task, TaskStatus
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 720}


@pytest.fixture
def queue(enter: Enter, cast: Cast) -> Page:
    """The queue of a manager: a lapsed task, somebody to call back, two deals without a next step."""
    now, by = timezone.now(), cast.manager
    company = make_company(by, "Elbe Pharma", phone="+48 22 555 01 97")
    contact = make_contact(by, "Elena Bauer", title="Buyer", company=company)
    contact.phones.create(number="+48 601 555 198", reversed="891555106")
    deal = make_deal(by, "Fleet renewal", company=company, amount_minor=12_000_00)
    make_task(by, now - timedelta(days=3), "Send the offer", deal=deal, company=company, contact=contact)
    make_activity(by, now - timedelta(days=1), contact=make_contact(by, "Tomasz Nowak"), result="no_answer")
    make_deal(by, "Bare deal", company=company, amount_minor=9_000_00)
    make_deal(by, "Small deal", amount_minor=100_00)
    page = enter(by)
    page.goto("/next/")
    return page


def at(page: Page, place: str, title: str) -> None:
    """Wait until the queue shows this entry at this place."""
    expect(page.locator(".c-queue__place")).to_have_text(place)
    expect(page.locator(".c-queue__title")).to_have_text(title)


def test_the_queue_is_walked_by_keys_and_keeps_its_place(queue: Page, cast: Cast) -> None:
    at(queue, "1 of 4", "Send the offer")
    queue.keyboard.press("l")
    dialog = queue.get_by_role("dialog")
    expect(dialog).to_be_visible()
    queue.keyboard.type("Sent, they decide on Friday")
    queue.keyboard.press("Control+Enter")
    expect(dialog).not_to_be_visible()
    at(queue, "2 of 4", "Tomasz Nowak")
    assert Task.objects.get(title="Send the offer").status == TaskStatus.DONE
    assert Activity.objects.filter(note="Sent, they decide on Friday").count() == 1
    queue.keyboard.press("n")
    at(queue, "3 of 4", "Bare deal")
    queue.reload()
    at(queue, "3 of 4", "Bare deal")
    queue.keyboard.press("s")
    at(queue, "3 of 4", "Small deal")
    queue.keyboard.press("b")
    at(queue, "3 of 4", "Bare deal")
    queue.keyboard.press("t")
    step = queue.get_by_role("dialog", name="New task")
    step.get_by_label("What", exact=True).fill("Call about the offer")
    step.locator("input[name=due_when]").nth(1).check(force=True)  # not today, or it would join the queue
    queue.keyboard.press("Enter")
    expect(step).not_to_be_visible()
    at(queue, "4 of 4", "Small deal")
    queue.keyboard.press("d")
    expect(queue.locator("#queue").get_by_text("That was everything")).to_be_visible()
    marks = QueueMark.objects.filter(user=cast.manager).order_by("marked_at").values_list("noun", "mark")
    assert list(marks) == [("task", "done"), ("contact", "skipped"), ("deal", "done"), ("deal", "done")]


def test_my_day_leads_into_the_queue_by_its_key(queue: Page) -> None:
    queue.goto("/")
    queue.keyboard.press("q")
    at(queue, "1 of 4", "Send the offer")


@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_queue_is_open_to_everybody_and_fits(queue: Page, size: dict[str, int], scheme: str) -> None:
    queue.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    queue.set_viewport_size(size)  # type: ignore[arg-type]
    queue.goto("/next/")
    at(queue, "1 of 4", "Send the offer")
    assert_open_to_everybody(queue)
    assert_fits(queue)
    for name in ("Log", "Done", "Later today", "Next"):
        box = queue.locator(".c-queue__foot").get_by_role("button", name=re.compile(f"^{name}")).bounding_box()
        assert box is not None
        assert box["height"] >= 44, "a thumb hits it"
        assert box["y"] + box["height"] <= size["height"], "without scrolling"


# --- the calendar ---


@pytest.fixture
def calendar(enter: Enter, cast: Cast) -> Page:
    """The calendar of a manager with one task this Wednesday at eleven."""
    zone = ZoneInfo(cast.manager.zone)
    today = timezone.localtime(timezone.now(), zone).date()
    wednesday = today + timedelta(days=3 - today.isoweekday())
    make_task(cast.manager, datetime.combine(wednesday, time(11), zone), "Ring <b>the</b> warehouse", kind="call")
    page = enter(cast.manager)
    page.goto("/calendar/")
    expect(page.locator(".ec-event")).to_be_visible()
    return page


def drag(page: Page, hours: float) -> None:
    """Pull the task down by so many hours."""
    event = page.locator(".ec-event").first
    box, slot = event.bounding_box(), page.locator(".ec-slot").first.bounding_box()
    assert box is not None
    assert slot is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 20, steps=3)
    page.mouse.move(x, y + HOUR * hours, steps=8)
    page.mouse.up()


HOUR = 52
"""Two slots of 26 pixels."""


def test_a_dragged_task_moves_and_the_push_is_counted(calendar: Page) -> None:
    before = Task.objects.get()
    drag(calendar, 2)
    expect(calendar.get_by_text("Moved to")).to_be_visible()
    task = Task.objects.get()
    assert task.due_at == before.due_at + timedelta(hours=2)
    assert task.pushes == 1
    expect(calendar.locator(".ec-event")).to_contain_text("13:00")
    expect(calendar.locator(".ec-event")).to_contain_text("Ring <b>the</b> warehouse")


def test_the_third_push_asks_why_and_goes_back_without_an_answer(calendar: Page) -> None:
    Task.objects.update(pushes=2)
    before = Task.objects.get().due_at
    drag(calendar, 2)
    dialog = calendar.get_by_role("dialog", name="Move task")
    expect(dialog).to_contain_text("Say why it is moved again")
    calendar.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(calendar.locator(".ec-event")).to_contain_text("11:00")
    assert Task.objects.get().due_at == before
    drag(calendar, 2)
    dialog.get_by_label("Why it moves again").fill("The buyer is ill")
    calendar.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(calendar.locator(".ec-event")).to_contain_text("13:00")
    task = Task.objects.get()
    assert (task.due_at, task.pushes, task.push_reason) == (before + timedelta(hours=2), 3, "The buyer is ill")


def test_the_keyboard_opens_a_task_and_moves_it(calendar: Page) -> None:
    calendar.get_by_role("button", name="11:00 Ring <b>the</b> warehouse").focus()
    calendar.keyboard.press("Enter")
    expect(calendar.get_by_role("dialog", name="Ring <b>the</b> warehouse")).to_be_visible()
    calendar.keyboard.press("m")
    expect(calendar.get_by_role("dialog", name="Move task")).to_be_visible()


def test_a_free_hour_becomes_a_new_task(calendar: Page) -> None:
    box = calendar.locator(".ec-event").bounding_box()
    assert box is not None
    calendar.mouse.click(box["x"] + box["width"] / 2, box["y"] + 3 * HOUR + 4)
    dialog = calendar.get_by_role("dialog", name="New task")
    expect(dialog.locator("[name=due_time]")).to_have_value("14:00")


@pytest.mark.parametrize("view", ["Week", "Month", "List"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_open_to_everybody_and_fits(calendar: Page, view: str, scheme: str) -> None:
    calendar.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    calendar.get_by_role("button", name=view, exact=True).click()
    expect(calendar.locator(".ec-event")).to_be_visible()
    assert_open_to_everybody(calendar)
    assert_fits(calendar)


def test_on_a_phone_it_is_a_list_of_days(calendar: Page) -> None:
    calendar.set_viewport_size(PHONE)  # type: ignore[arg-type]
    calendar.reload()
    expect(calendar.locator(".ec-list .ec-event")).to_contain_text("Ring <b>the</b> warehouse")
    assert_open_to_everybody(calendar)
    assert_fits(calendar)
