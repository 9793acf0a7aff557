"""The queue: one entry at a time, one's place kept, at the same price however much waits."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import QueueMark, Task
from crm.services import activities
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
SHELL = 2
"""The frame's own two statements: overdue tasks and unread messages."""


def page_of(client: Client, **query: object) -> str:
    return client.get(reverse("crm:queue"), query).content.decode()


def shown(page: str) -> tuple[str, str]:
    """The place and the title of the entry that a page shows."""
    place = re.search(r'c-queue__place">(.*?)<', page)
    title = re.search(r'id="queue-title">(.*?)<', page)
    assert place, page
    assert title, page
    return place[1], title[1]


def mark(client: Client, task: Task, as_: str, **headers: str) -> str:
    values = {"noun": "task", "record": task.pk, "mark": as_}
    return client.post(reverse("crm:queue-mark"), values, headers=HTMX | headers).content.decode()


def three(user: User) -> list[Task]:
    now = timezone.now()
    return [make_task(user, now - timedelta(days=9 - n), f"Task {n}") for n in range(3)]


def test_one_entry_is_shown_with_what_matters_about_it(cast: Cast, sign_in: SignIn) -> None:
    now, by = timezone.now(), cast.manager
    company = make_company(by, "Elbe Pharma", phone="+48 22 555 01 97")
    contact = make_contact(by, "Elena Bauer", title="Buyer", company=company)
    contact.phones.create(number="+48 601 555 198", reversed="891555106")
    deal = make_deal(by, "Fleet renewal", company=company, amount_minor=12_000_00)
    make_activity(by, now, contact=contact, note="Wants two more vans", result="reached")
    make_task(
        by, now - timedelta(days=2), "Send the offer", contact=contact, company=company, deal=deal, note="With leasing"
    )
    page = page_of(sign_in(by))
    assert shown(page) == ("1 of 1", "Send the offer")
    for words in (
        "Elena Bauer",
        "Buyer",
        "Elbe Pharma",
        "Fleet renewal",
        "€12\u202f000",
        "With leasing",
        "Wants two more vans",
    ):
        assert words in page
    assert 'href="tel:+48601555198"' in page
    assert 'href="tel:+48225550197"' in page
    assert f'hx-get="{reverse("crm:quick-log")}?task=' in page


def test_what_is_not_ones_own_is_not_told(cast: Cast, sign_in: SignIn) -> None:
    hidden = make_company(cast.stranger, "Foreign GmbH", phone="+48 22 555 01 97")
    make_activity(cast.stranger, timezone.now(), company=hidden, note="Told in private")
    make_task(cast.manager, timezone.now() - timedelta(days=1), company=hidden)
    make_task(cast.stranger, timezone.now() - timedelta(days=1), "Of a stranger")
    page = page_of(sign_in(cast.manager))
    assert shown(page) == ("1 of 1", "Send the offer")
    assert "Told in private" not in page
    assert "Of a stranger" not in page
    assert "555 01 97" not in page


def test_next_later_and_back_keep_the_place(cast: Cast, sign_in: SignIn) -> None:
    first, second, third = three(cast.manager)
    client = sign_in(cast.manager)
    assert shown(page_of(client)) == ("1 of 3", "Task 0")
    assert shown(mark(client, first, "skipped")) == ("2 of 3", "Task 1")
    assert shown(mark(client, second, "later")) == ("2 of 3", "Task 2")
    assert shown(page_of(client)) == ("2 of 3", "Task 2"), "a reload stays where one was"
    page = mark(client, third, "skipped")
    assert shown(page) == ("3 of 3", "Task 1"), "what was put off comes last"
    assert "Put off: " in page
    back = client.post(reverse("crm:queue-back"), headers=HTMX).content.decode()
    assert shown(back) == ("2 of 3", "Task 2")
    assert "2 of 3: Task 2" in back, "and is said to listeners"


def test_the_end_is_praised(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    assert "Nothing waits for you" in page_of(client)
    task = make_task(cast.manager, timezone.now() - timedelta(days=1))
    assert "You did 1 thing" in mark(client, task, "done")
    QueueMark.objects.update(mark="skipped")
    page = page_of(client)
    assert "You have been through the whole list" in page
    assert "Back to what I left" in page


def test_a_new_day_begins_afresh(cast: Cast, sign_in: SignIn) -> None:
    task = make_task(cast.manager, timezone.now() - timedelta(days=3))
    client = sign_in(cast.manager)
    mark(client, task, "skipped")
    QueueMark.objects.update(day=timezone.localdate() - timedelta(days=2))
    assert shown(page_of(client)) == ("1 of 1", "Send the offer")


def test_what_was_logged_goes_on_to_the_next(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    by, now = cast.manager, clock.now
    company = make_company(by, "Elbe Pharma")
    big = make_deal(by, "Big deal", company=company, amount_minor=900)
    make_deal(by, "Small deal", amount_minor=100)
    client = sign_in(by)
    values = {"noun": "deal", "record": big.pk, "shown": (now - timedelta(minutes=1)).isoformat()}
    page = client.post(reverse("crm:queue-follow"), values, headers=HTMX).content.decode()
    assert shown(page) == ("1 of 2", "Big deal"), "nothing was done about it yet"
    activities.log(by=by, at=now, kind="call", occurred_at=now, deal=big, result="reached")
    page = client.post(reverse("crm:queue-follow"), values, headers=HTMX).content.decode()
    assert shown(page) == ("2 of 2", "Small deal")
    assert QueueMark.objects.get().mark == "done"


def test_what_left_the_queue_by_itself_counts_as_done(cast: Cast, sign_in: SignIn) -> None:
    first, *_others = three(cast.manager)
    client = sign_in(cast.manager)
    client.post(reverse("crm:task-done", args=[first.pk]), {"result": "Sent", "next_when": "none"}, headers=HTMX)
    values = {"noun": "task", "record": first.pk, "shown": timezone.now().isoformat()}
    assert shown(client.post(reverse("crm:queue-follow"), values, headers=HTMX).content.decode()) == (
        "2 of 3",
        "Task 1",
    )
    assert shown(client.post(reverse("crm:queue-follow"), values, headers=HTMX).content.decode()) == (
        "2 of 3",
        "Task 1",
    )


def test_nobody_marks_what_he_does_not_have(cast: Cast, sign_in: SignIn) -> None:
    foreign = make_task(cast.stranger, timezone.now() - timedelta(days=1))
    client = sign_in(cast.manager)
    mark(client, foreign, "done")
    values = {"noun": "task", "record": foreign.pk, "shown": timezone.now().isoformat()}
    assert client.post(reverse("crm:queue-follow"), values, headers=HTMX).status_code == 200
    for wrong in ({}, {"noun": "planet", "record": 1}, {"noun": "task", "record": 2**70, "mark": "done"}):
        assert client.post(reverse("crm:queue-mark"), wrong, headers=HTMX).status_code == 200
        assert client.post(reverse("crm:queue-follow"), wrong, headers=HTMX).status_code == 200
    assert QueueMark.objects.count() == 0


def test_an_address_leads_to_one_entry(cast: Cast, sign_in: SignIn) -> None:
    *_others, third = three(cast.manager)
    assert shown(page_of(sign_in(cast.manager), noun="task", record=third.pk)) == ("1 of 3", "Task 2")


def test_without_scripts_the_page_goes_on(cast: Cast, sign_in: SignIn) -> None:
    first, *_others = three(cast.manager)
    client = sign_in(cast.manager)
    values = {"noun": "task", "record": first.pk, "mark": "later"}
    answer = client.post(reverse("crm:queue-mark"), values, follow=True)
    assert shown(answer.content.decode()) == ("1 of 3", "Task 1")


def test_the_queue_costs_two_statements_however_much_waits(cast: Cast, sign_in: SignIn) -> None:
    now, by = timezone.now(), cast.manager

    def fill(count: int) -> None:
        for n in range(count):
            company = make_company(by, f"Company {n}")
            contact = make_contact(by, f"Person {n}", company=company)
            contact.phones.create(number=f"+48 601 {n}", reversed=f"{n}")
            deal = make_deal(by, f"Deal {n}", company=company)
            make_task(by, now - timedelta(days=1), f"Task {n}", deal=deal, contact=contact, company=company)
            make_deal(by, f"Bare {n}")
            make_activity(by, now - timedelta(days=1), contact=make_contact(by, f"Missed {n}"), result="busy")

    fill(1)
    assert_budget(sign_in(by), reverse("crm:queue"), 2 + SHELL, lambda: fill(40))
