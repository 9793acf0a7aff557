"""Quick log and tasks by keys alone, on a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from crm.models import Activity, Task, TaskStatus
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def tasks(enter: Enter, cast: Cast) -> Page:
    """The tasks of a manager who called Elena yesterday and has one task on her company's deal."""
    company = make_company(cast.manager, "Elbe Pharma")
    contact = make_contact(cast.manager, "Elena Bauer", company=company)
    make_contact(cast.manager, "Robert Novak", company=company)
    make_activity(cast.manager, timezone.now() - timedelta(days=1), contact=contact, company=company)
    deal = make_deal(cast.manager, "Fleet renewal", stage=make_stage("New"), company=company)
    make_task(
        cast.manager, timezone.now() - timedelta(days=2), "Send the offer", deal=deal, contact=contact, company=company
    )
    page = enter(cast.manager)
    page.goto(reverse("crm:task-list"))
    return page


def test_a_call_is_logged_by_keys_alone(tasks: Page) -> None:
    tasks.keyboard.press("l")
    dialog = tasks.get_by_role("dialog", name="What just happened?")
    expect(dialog.locator(".ts-control input")).to_be_focused()
    expect(dialog.get_by_role("option", name="Elena Bauer")).to_be_visible()
    tasks.keyboard.type("nov")
    expect(dialog.get_by_role("option", name="Robert Novak")).to_be_visible()
    expect(dialog.get_by_role("option", name="Elena Bauer")).to_have_count(0)
    tasks.keyboard.press("Enter")
    expect(dialog.get_by_label("About")).to_have_value(str(Task.objects.get().deal_id))
    tasks.keyboard.press("Alt+2")
    expect(dialog.get_by_label("No answer")).to_be_checked()
    tasks.keyboard.press("Control+Enter")
    expect(dialog).not_to_be_visible()
    expect(tasks.locator("#toasts")).to_contain_text("Call logged.")
    call = Activity.objects.latest("pk")
    assert (str(call.contact), call.result, str(call.deal)) == ("Robert Novak", "no_answer", "Fleet renewal")
    expect(tasks.locator("#tasks")).to_contain_text("Call again")


def test_a_mistake_keeps_what_was_typed(tasks: Page) -> None:
    tasks.keyboard.press("l")
    dialog = tasks.get_by_role("dialog")
    dialog.get_by_label("What was agreed").fill("Wants two dates")
    tasks.keyboard.press("Enter")
    expect(dialog.get_by_text("Choose whom it was with.")).to_be_visible()
    expect(dialog.get_by_label("What was agreed")).to_have_value("Wants two dates")
    assert_open_to_everybody(tasks)
    assert Activity.objects.count() == 1


def test_a_picker_that_comes_late_leaves_the_focus_where_somebody_types(tasks: Page) -> None:
    waiting: list[Route] = []
    tasks.route("**/tom-select.min.js*", lambda route: waiting.append(route))
    tasks.keyboard.press("l")
    dialog = tasks.get_by_role("dialog")
    note = dialog.get_by_label("What was agreed")
    note.click()
    tasks.keyboard.type("Wants ")
    waiting[0].continue_()
    expect(dialog.locator(".ts-control input")).to_be_attached()
    tasks.keyboard.type("two dates")
    expect(note).to_have_value("Wants two dates")
    expect(note).to_be_focused()


def test_enter_right_after_typing_takes_who_was_typed(tasks: Page) -> None:
    tasks.keyboard.press("l")
    dialog = tasks.get_by_role("dialog", name="What just happened?")
    expect(dialog.locator(".ts-control input")).to_be_focused()
    expect(dialog.get_by_role("option", name="Elena Bauer")).to_be_visible()
    tasks.keyboard.type("nov")
    tasks.keyboard.press("Enter")
    expect(dialog.locator(".ts-control .item")).to_contain_text("Robert Novak")
    note = dialog.get_by_label("What was agreed")
    expect(note).to_be_focused()
    tasks.keyboard.type("Wants two dates", delay=40)
    expect(note).to_have_value("Wants two dates")
    expect(dialog.locator(".c-field__error")).to_have_count(0)


def test_a_line_of_text_is_checked_and_saved(tasks: Page) -> None:
    tasks.keyboard.press("l")
    dialog = tasks.get_by_role("dialog", name="What just happened?")
    expect(dialog.locator(".ts-control input")).to_be_focused()
    tasks.keyboard.press("Shift+Tab")
    tasks.keyboard.type("call Nowak 10m no answer wants two dates, offer tomorrow 15:00")
    tasks.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Check it, then save")
    expect(dialog.locator(".ts-control input")).to_be_focused()
    expect(dialog.get_by_label("What was agreed")).to_have_value("Nowak wants two dates")
    expect(dialog.locator("#log-who")).to_have_css("clip-path", "inset(50%)")
    assert_open_to_everybody(tasks)
    tasks.keyboard.press("Shift+Tab")
    tasks.keyboard.type("call Novak")
    tasks.keyboard.press("Enter")
    expect(dialog.locator(".ts-control .item")).to_contain_text("Robert Novak")
    expect(dialog.get_by_label("No answer")).to_be_checked()
    expect(dialog.get_by_label("Minutes")).to_have_value("10")
    expect(dialog.get_by_role("button", name="Log it")).to_be_focused()
    assert Activity.objects.count() == 1
    tasks.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    call = Activity.objects.latest("pk")
    assert (str(call.contact), call.result, call.seconds) == ("Robert Novak", "no_answer", 600)
    assert call.note == "Nowak wants two dates"
    assert Task.objects.latest("pk").title == "offer"


def test_another_of_the_same_name_is_one_press_away(tasks: Page, cast: Cast) -> None:
    make_contact(cast.manager, "Adam Novak")
    tasks.keyboard.press("l")
    dialog = tasks.get_by_role("dialog", name="What just happened?")
    dialog.get_by_label("All in one line").fill("call Novak busy")
    tasks.keyboard.press("Enter")
    expect(dialog.locator(".ts-control .item")).to_contain_text("Adam Novak")
    dialog.get_by_role("button", name="Robert Novak").click()
    expect(dialog.locator(".ts-control .item")).to_contain_text("Robert Novak")
    expect(dialog.get_by_label("About")).to_have_value(str(Task.objects.get().deal_id))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_the_narrowest_phone_the_form_fits_and_nobody_is_shut_out(tasks: Page, scheme: str) -> None:
    tasks.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    tasks.set_viewport_size(NARROW)  # type: ignore[arg-type]
    tasks.reload()
    assert_open_to_everybody(tasks)
    assert_fits(tasks)
    tasks.get_by_role("button", name="Add something new").last.click()
    tasks.get_by_role("button", name="Log call").last.click()
    dialog = tasks.get_by_role("dialog", name="What just happened?")
    dialog.locator(".ts-dropdown").get_by_text("Elena Bauer").click()
    for label in ("Call", "Meeting", "Note"):
        dialog.locator(".c-composer__kind", has_text=label).click()
        assert_fits(tasks)
    assert_open_to_everybody(tasks)


def test_the_last_task_of_a_deal_is_finished_with_its_next_step(tasks: Page) -> None:
    tasks.get_by_role("button", name="Done: Send the offer").click()
    dialog = tasks.get_by_role("dialog", name="Task done")
    dialog.get_by_label("What came out of it").fill("Sent by mail")
    tasks.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("left without a next step")
    assert_open_to_everybody(tasks)
    dialog.get_by_text("Other…").click()
    dialog.get_by_label("Date and time").fill("2031-03-04T10:00")
    dialog.get_by_label("What", exact=False).last.fill("Ask for the answer")
    dialog.get_by_role("button", name="Mark as done").click()
    expect(dialog).not_to_be_visible()
    expect(tasks.locator("#tasks")).to_contain_text("Ask for the answer")
    assert Task.objects.get(title="Send the offer").status == TaskStatus.DONE
    tasks.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(tasks.locator("#tasks")).to_contain_text("Send the offer")


def test_a_task_is_moved_from_its_menu(tasks: Page) -> None:
    tasks.get_by_role("button", name="More for Send the offer").click()
    tasks.get_by_role("button", name="Move…").click()
    dialog = tasks.get_by_role("dialog", name="Move task")
    dialog.locator(".c-chip").first.click()
    tasks.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    assert Task.objects.get(title="Send the offer").pushes == 1
    expect(tasks.locator("#tasks")).to_contain_text("moved 1 time")


def test_the_palette_finds_and_opens_by_keys(tasks: Page) -> None:
    tasks.keyboard.press("Control+k")
    tasks.keyboard.type("elb")
    expect(tasks.get_by_role("option", name="Elbe Pharma").first).to_have_attribute("aria-selected", "true")
    assert_open_to_everybody(tasks)
    tasks.keyboard.press("ArrowDown")
    tasks.keyboard.press("ArrowUp")
    tasks.keyboard.press("Enter")
    expect(tasks.get_by_role("heading", name="Elbe Pharma", level=1)).to_be_visible()


def test_a_call_from_a_deal_is_about_it_and_stands_in_its_timeline(tasks: Page) -> None:
    tasks.goto(reverse("crm:deal", args=[Task.objects.get().deal_id]))
    assert_open_to_everybody(tasks)
    assert_fits(tasks)
    tasks.keyboard.press("l")
    expect(tasks.locator("#composer-note")).to_be_focused()
    tasks.keyboard.type("Agreed on two dates")
    tasks.keyboard.press("Enter")
    expect(tasks.locator("#timeline")).to_contain_text("Agreed on two dates")
    expect(tasks.locator("#deal-tasks")).to_contain_text("Call again")
    expect(tasks.locator("#composer-note")).to_have_value("")
