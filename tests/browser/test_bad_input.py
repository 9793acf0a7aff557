"""What goes wrong while somebody writes: the session ends, the page reloads, the form is sent twice, "back" after saving."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from crm.models import Activity, Company
from tests.factories.crm import make_company, make_contact, make_task
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser
NOTE = "A long note about everything that was agreed. " * 8
HTML = '<img src=x onerror="alert(1)"><script>alert(2)</script> 🙂 שלום'


@pytest.fixture
def company(cast: Cast) -> Company:
    company = make_company(cast.manager, "Elbe Pharma")
    make_contact(cast.manager, "Robert Novak", company=company)
    return company


def sign_in_again(page: Page, user: User) -> None:
    """What the form of the sign-in page does; the session is another one."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    base = urlsplit(page.url)._replace(path="/", query="").geturl()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])


def write_quick_log(page: Page, note: str) -> None:
    page.goto(reverse("crm:task-list"))
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog", name="What just happened?")
    expect(dialog.locator(".ts-control input")).to_be_focused()
    page.keyboard.type("nov")
    expect(dialog.get_by_role("option", name="Robert Novak")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+2")
    dialog.get_by_label("What was agreed").fill(note)


def test_a_note_survives_the_end_of_the_session(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    write_quick_log(page, NOTE)
    Session.objects.all().delete()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/?next=/tasks/")
    assert not Activity.objects.exists()
    sign_in_again(page, cast.manager)
    page.goto(reverse("crm:task-list"))
    dialog = page.get_by_role("dialog", name="What just happened?")
    expect(dialog.get_by_label("What was agreed")).to_have_value(NOTE)
    expect(dialog.get_by_label("No answer")).to_be_checked()
    expect(dialog.locator(".ts-control .item")).to_contain_text("Robert Novak")
    dialog.get_by_role("button", name="Log it").click()
    expect(dialog).not_to_be_visible()
    assert Activity.objects.get().note == NOTE.strip()
    page.reload()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_note_on_a_card_survives_a_reload_and_goes_once_it_is_saved(
    enter: Enter, cast: Cast, company: Company
) -> None:
    page = enter(cast.manager)
    page.goto(reverse("crm:company", args=[company.pk]))
    page.locator("#composer-note").fill(NOTE)
    page.reload()
    expect(page.locator("#composer-note")).to_have_value(NOTE)
    page.locator("#composer-note").press("Enter")
    expect(page.locator("#composer-note")).to_have_value("")
    page.reload()
    expect(page.locator("#composer-note")).to_have_value("")
    assert Activity.objects.count() == 1


def test_what_was_put_aside_does_not_come_back(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    write_quick_log(page, NOTE)
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.reload()
    expect(page.get_by_role("heading", name="Tasks", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_colleague_in_the_same_tab_does_not_see_it(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    write_quick_log(page, NOTE)
    sign_in_again(page, cast.head)
    page.reload()
    expect(page.get_by_role("heading", name="Tasks", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert NOTE[:20] not in page.content()


def test_signing_out_leaves_nothing_behind(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.goto(reverse("crm:company", args=[company.pk]))
    page.locator("#composer-note").fill(NOTE)
    page.locator("form[action='/sign-out/']").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft'))") == []


def test_sent_twice_at_once_it_is_entered_once(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    write_quick_log(page, "Once")
    for _again in range(3):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert Activity.objects.count() == 1


def test_back_after_saving_enters_nothing_twice(enter: Enter, cast: Cast, company: Company) -> None:
    page = enter(cast.manager)
    page.goto(reverse("crm:company", args=[company.pk]))
    page.locator("#composer-note").fill("Once")
    page.locator("#composer-note").press("Enter")
    expect(page.locator("#timeline")).to_contain_text("Once")
    page.goto(reverse("crm:task-list"))
    page.go_back()
    expect(page.locator("#composer-note")).to_have_value("")
    assert Activity.objects.count() == 1


def test_html_is_shown_as_it_was_typed_and_nothing_runs(enter: Enter, cast: Cast, company: Company) -> None:
    page, ran = enter(cast.manager), []

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    make_task(cast.manager, timezone.now() + timedelta(hours=2), HTML, company=company)
    make_contact(cast.manager, f"Hanna {HTML}", company=company)
    page.goto(reverse("crm:company", args=[company.pk]))
    page.locator("#composer-note").fill(HTML)
    page.locator("#composer-note").press("Enter")
    expect(page.locator("#timeline")).to_contain_text(HTML)
    page.keyboard.press("Escape")
    page.goto(reverse("crm:task-list"))
    expect(page.locator("#tasks")).to_contain_text(HTML)
    page.keyboard.press("l")
    expect(page.get_by_role("dialog").locator(".ts-control input")).to_be_focused()
    page.keyboard.type("hanna")
    expect(page.get_by_role("option", name="Hanna")).to_contain_text(HTML)
    assert ran == []
