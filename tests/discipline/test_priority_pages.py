"""What matters most today, on My day: chosen by a star, taken away by the same."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Task
from discipline.models import Priority
from discipline.services import priorities
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_deal, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
TODAY = date(2026, 10, 20)


@pytest.fixture
def now(clock):
    with time_machine.travel(clock.now, tick=False) as traveller:
        clock.travel = lambda wall: traveller.move_to(clock.set(wall))
        yield clock.now


def put(client: Client, task: Task):
    return client.post(reverse("discipline:priority-put", args=[task.pk]), headers=HTMX)


def stars(page: str) -> tuple[int, int]:
    """How many stars are full, and how many are offered."""
    return page.count('aria-pressed="true"'), page.count('aria-pressed="false"')


def test_my_day_offers_the_next_tasks_and_a_press_chooses_one(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    listed = [make_task(cast.manager, now + timedelta(hours=n), f"Task {n}") for n in range(1, 6)]
    client = sign_in(cast.manager)
    page = client.get("/").content.decode()
    assert stars(page) == (0, 3)
    answer = put(client, listed[3])
    assert answer.status_code == 200
    assert stars(answer.content.decode()) == (1, 2)
    assert "Task 4" in answer.content.decode()
    assert Priority.objects.of(cast.manager, TODAY).get().task == listed[3]


def test_the_star_of_a_chosen_one_takes_it_away(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    task = make_task(cast.manager, now + timedelta(hours=1))
    client = sign_in(cast.manager)
    put(client, task)
    one = Priority.objects.get()
    answer = client.post(reverse("discipline:priority-drop", args=[one.pk]), headers=HTMX)
    assert stars(answer.content.decode()) == (0, 1)


def test_a_fourth_is_refused_with_what_to_do_next(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    client = sign_in(cast.manager)
    listed = [make_task(cast.manager, now + timedelta(hours=n)) for n in range(1, 5)]
    for task in listed[:3]:
        put(client, task)
    answer = put(client, listed[3])
    assert answer.status_code == 422
    assert "Take one away first" in answer["HX-Trigger"]
    assert Priority.objects.count() == 3
    assert "Take one away" in client.get(reverse("discipline:priority-choose"), headers=HTMX).content.decode()


def test_one_that_is_done_stays_and_says_so(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    task = make_task(cast.manager, now + timedelta(hours=1), "Send the offer")
    client = sign_in(cast.manager)
    put(client, task)
    Task.objects.filter(pk=task.pk).update(status="done")
    page = client.get("/").content.decode()
    assert "1 of 1 done" in page


def test_after_the_cut_off_one_chooses_for_the_next_working_day(cast: Cast, sign_in: SignIn, now, clock) -> None:
    make_scored(cast)
    clock.travel("2026-10-23 18:30")
    task = make_task(cast.manager, clock.now + timedelta(days=3))
    put(sign_in(cast.manager), task)
    assert Priority.objects.get().day == date(2026, 10, 26)


def test_without_scripts_it_leads_back_to_my_day(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    task = make_task(cast.manager, now)
    answer = sign_in(cast.manager).post(reverse("discipline:priority-put", args=[task.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("who", ["teammate", "head", "stranger", "owner"])
def test_nobody_else_chooses_or_takes_away(cast: Cast, sign_in: SignIn, now: datetime, who: str) -> None:
    task = make_task(cast.manager, now)
    one = priorities.put(task=make_task(cast.manager, now), day=TODAY, by=cast.manager, at=now)
    client = sign_in(getattr(cast, who))
    assert put(client, task).status_code == 404
    assert client.post(reverse("discipline:priority-drop", args=[one.pk]), headers=HTMX).status_code == 404
    assert Priority.objects.of(cast.manager, TODAY).get() == one


def test_choosing_costs_the_same_however_many_tasks_there_are(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    make_scored(cast)

    def fill(count: int) -> None:
        for n in range(count):
            company = make_company(cast.manager, f"Company {n}")
            make_task(cast.manager, now + timedelta(hours=n + 1), deal=make_deal(cast.manager), company=company)

    fill(1)
    url = reverse("discipline:priority-choose")
    assert_budget(sign_in(cast.manager), url, 10, lambda: fill(20), headers=HTMX)


def test_later_tasks_are_not_pushed_forward_but_can_be_chosen(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    later = make_task(cast.manager, now + timedelta(days=3), "Later one")
    client = sign_in(cast.manager)
    page = client.get("/").content.decode()
    assert "Later one" not in page
    assert "Choose up to three tasks" in page
    url = reverse("discipline:priority-choose")
    assert url in page
    assert "Later one" in client.get(url, headers=HTMX).content.decode()
    assert "Later one" in put(client, later).content.decode()
