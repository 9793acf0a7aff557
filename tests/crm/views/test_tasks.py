"""Tasks as pages: what is listed for whom, and each verb in its dialog."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Activity, CleanTransfer, CompanySettings, NextStep, Task, TaskStatus
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> Any:
    from django.utils import timezone

    return timezone.now()


def url(verb: str, task: Task) -> str:
    return reverse(f"crm:task-{verb}", args=[task.pk])


def send(client: Client, verb: str, task: Task, **values: object) -> Any:
    return client.post(url(verb, task), values, headers=HTMX)


def listed(client: Client, **query: Any) -> str:
    return client.get(reverse("crm:task-list"), query).content.decode()


def test_own_tasks_are_listed_overdue_first(cast: Cast, sign_in: SignIn, now: Any) -> None:
    make_task(cast.manager, now + timedelta(days=40), "Far away")
    make_task(cast.manager, now - timedelta(days=3), "Lapsed")
    make_task(cast.teammate, now, "Of a colleague")
    page = listed(sign_in(cast.manager))
    assert page.index("Overdue") < page.index("Lapsed") < page.index("Later") < page.index("Far away")
    assert "3 days late" in page
    assert "Of a colleague" not in page


def test_a_head_looks_at_one_person_or_everybody(cast: Cast, sign_in: SignIn, now: Any) -> None:
    make_task(cast.manager, now, "Of Anna")
    make_task(cast.stranger, now, "Of another team")
    client = sign_in(cast.head)
    assert "Of Anna" not in listed(client)
    assert "Of Anna" in listed(client, owner=cast.manager.pk)
    everybody = listed(client, owner="all")
    assert "Of Anna" in everybody
    assert "Of another team" not in everybody
    assert "Of another team" not in listed(client, owner=cast.stranger.pk)


def test_a_manager_cannot_look_at_a_colleague(cast: Cast, sign_in: SignIn, now: Any) -> None:
    make_task(cast.teammate, now, "Of a colleague")
    client = sign_in(cast.manager)
    assert "Of a colleague" not in listed(client, owner=cast.teammate.pk)
    assert "Of a colleague" not in listed(client, owner="all")


def test_kind_and_finished_narrow_the_list(cast: Cast, sign_in: SignIn, now: Any) -> None:
    make_task(cast.manager, now, "A call", kind="call")
    make_task(cast.manager, now, "A letter", kind="email")
    make_task(cast.manager, now, "Already done", status=TaskStatus.DONE, result="Sent")
    client = sign_in(cast.manager)
    page = listed(client, kind="call")
    assert "A call" in page
    assert "A letter" not in page
    page = listed(client, show="done")
    assert "Already done" in page
    assert "A call" not in page
    assert "A letter" in listed(client, kind="rubbish")


def test_an_empty_list_praises(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing is waiting for you" in listed(sign_in(cast.manager))


def test_a_task_is_added_once_about_what_the_page_named(cast: Cast, sign_in: SignIn) -> None:
    deal = make_deal(cast.manager)
    client = sign_in(cast.manager)
    address = f"{reverse('crm:task-new')}?deal={deal.pk}"
    dialog = client.get(address, headers=HTMX).content.decode()
    assert f'value="{deal.pk}" selected' in dialog
    values = {
        "title": "Send the offer", "kind": "email", "due_when": "tomorrow_10", "deal": deal.pk, "owner": cast.manager.pk,
        "key": "0b5f4a3a-1111-4222-8333-444455556666",
    }  # fmt: skip
    for _again in range(2):
        assert client.post(address, values, headers=HTMX).status_code == 204
    task = Task.objects.get()
    assert (task.title, task.deal, task.owner, task.due_has_time) == ("Send the offer", deal, cast.manager, True)


def test_a_day_without_a_time_is_due_when_it_ends(cast: Cast, sign_in: SignIn) -> None:
    values = {"title": "Plan", "kind": "todo", "due_when": "own", "due_date": "2030-05-03", "owner": cast.manager.pk}
    assert sign_in(cast.manager).post(reverse("crm:task-new"), values, headers=HTMX).status_code == 204
    task = Task.objects.get()
    assert not task.due_has_time
    assert task.due_at.isoformat() == "2030-05-03T22:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"due_when": "own", "due_date": ""}, "Choose the day."),
        ({"due_when": "yesterday"}, "That time has passed"),
        ({"deal": "999999"}, "Select a valid choice"),
    ],
)
def test_a_wrong_task_comes_back_with_what_is_wrong(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    values = {"title": "Plan", "kind": "todo", "due_when": "tomorrow_10", "owner": cast.manager.pk} | wrong
    answer = sign_in(cast.manager).post(reverse("crm:task-new"), values, headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Task.objects.exists()


def test_a_foreign_deal_cannot_be_named(cast: Cast, sign_in: SignIn) -> None:
    foreign = make_deal(cast.stranger, "Secret deal")
    values = {"title": "Plan", "kind": "todo", "due_when": "tomorrow_10", "owner": cast.manager.pk, "deal": foreign.pk}
    answer = sign_in(cast.manager).post(reverse("crm:task-new"), values, headers=HTMX)
    assert answer.status_code == 422
    assert "Secret deal" not in answer.content.decode()


def test_done_with_its_result_can_be_taken_back(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now)
    client = sign_in(cast.manager)
    answer = send(client, "done", task, note="Sent by mail", next_when="none")
    assert answer.status_code == 204
    assert "tasks-changed" in answer["HX-Trigger"]
    task.refresh_from_db()
    assert (task.status, task.result) == (TaskStatus.DONE, "Sent by mail")
    assert send(client, "done", task, next_when="none").status_code == 204
    assert send(client, "reopen", task).status_code == 204
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN


def test_the_last_task_of_a_deal_asks_for_the_next_one(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now, deal=make_deal(cast.manager))
    client = sign_in(cast.manager)
    answer = send(client, "done", task, next_when="none")
    assert answer.status_code == 422
    assert "Go on without a next step" in answer.content.decode()
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN
    assert send(client, "done", task, next_when="tomorrow_10", next_kind="call").status_code == 204
    follow = Task.objects.get(status=TaskStatus.OPEN)
    assert (follow.title, follow.deal, follow.kind) == ("Call again", task.deal, "call")
    assert send(client, "done", follow, next_when="none", overridden="on").status_code == 204


def test_where_the_company_insists_there_is_no_way_around(cast: Cast, sign_in: SignIn, now: Any) -> None:
    CompanySettings.objects.create(pk=1, next_step=NextStep.MUST)
    task = make_task(cast.manager, now, deal=make_deal(cast.manager))
    answer = send(sign_in(cast.manager), "drop", task, next_when="none", overridden="on")
    assert answer.status_code == 422
    assert "Go on without" not in answer.content.decode()
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN


def test_the_third_move_asks_for_the_reason(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now - timedelta(days=1), pushes=2)
    client = sign_in(cast.manager)
    assert "Why it moves again" in client.get(url("move", task), headers=HTMX).content.decode()
    answer = send(client, "move", task, due_when="tomorrow_10")
    assert answer.status_code == 422
    assert "already moved twice" in answer.content.decode()
    assert send(client, "move", task, due_when="tomorrow_10", reason="The client is on leave").status_code == 204
    task.refresh_from_db()
    assert (task.pushes, task.push_reason) == (3, "The client is on leave")


def test_a_task_goes_to_a_colleague(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now)
    assert send(sign_in(cast.manager), "give", task, to=cast.teammate.pk).status_code == 204
    task.refresh_from_db()
    assert task.owner == cast.teammate


def test_other_words_for_a_task(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now)
    assert send(sign_in(cast.manager), "edit", task, title="Send the contract", kind="email").status_code == 204
    task.refresh_from_db()
    assert task.title == "Send the contract"


@pytest.mark.parametrize("verb", ["edit", "done", "drop", "move", "give"])
def test_a_stranger_finds_nothing_and_changes_nothing(cast: Cast, sign_in: SignIn, now: Any, verb: str) -> None:
    task = make_task(cast.manager, now)
    client = sign_in(cast.stranger)
    assert client.get(url(verb, task)).status_code == 404
    values = {"title": "X", "kind": "todo", "due_when": "tomorrow_10", "next_when": "none", "to": cast.stranger.pk}
    assert send(client, verb, task, **values).status_code == 404
    after = Task.objects.get(pk=task.pk)
    assert (after.title, after.status, after.due_at, after.owner) == (task.title, task.status, task.due_at, task.owner)


def test_an_owner_reads_and_does_nothing(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now, "Of Anna")
    client = sign_in(cast.owner)
    page = listed(client)
    assert "Of Anna" in page
    assert url("done", task) not in page
    assert send(client, "done", task, next_when="none").status_code == 404
    assert client.get(reverse("crm:task-new")).status_code == 404


def test_the_list_costs_the_same_with_any_number_of_tasks(cast: Cast, sign_in: SignIn, now: Any) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            company = make_company(cast.manager, f"Company {n}")
            contact = make_contact(cast.manager, f"Person {n}")
            deal = make_deal(cast.manager, f"Deal {n}")
            make_task(cast.manager, now + timedelta(hours=n), deal=deal, contact=contact, company=company)

    fill(1)
    headers = HTMX | {"HX-Target": "tasks"}
    assert_budget(sign_in(cast.head), f"{reverse('crm:task-list')}?owner=all", 2, lambda: fill(50), headers=headers)


def test_only_a_head_is_asked_whether_it_was_nobodys_fault(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now)
    assert "nobody" not in sign_in(cast.manager).get(url("give", task), headers=HTMX).content.decode()
    client = sign_in(cast.head)
    assert "Through nobody" in client.get(url("give", task), headers=HTMX).content.decode()
    assert send(client, "give", task, to=cast.teammate.pk, clean="on").status_code == 204
    assert CleanTransfer.objects.get().task == task


def test_a_mark_that_was_not_offered_is_not_taken(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now)
    assert send(sign_in(cast.manager), "give", task, to=cast.teammate.pk, clean="on").status_code == 204
    assert not CleanTransfer.objects.exists()


def test_a_call_is_logged_while_its_task_is_ticked_off_and_taken_back_with_it(
    cast: Cast, sign_in: SignIn, now: Any
) -> None:
    contact = make_contact(cast.manager)
    task = make_task(cast.manager, now, "Call about the offer", kind="call", contact=contact)
    client = sign_in(cast.manager)
    shown = client.get(url("done", task), headers=HTMX).content.decode()
    assert 'name="kind" value="call" checked' in shown
    values = {"kind": "call", "result_call": "no_answer", "note": "Later", "next_when": "tomorrow_10", "minutes": "2"}
    answer = send(client, "done", task, **values)
    assert answer.status_code == 204
    assert "Done, call logged" in answer["HX-Trigger"]
    call = Activity.objects.get()
    assert (call.task, call.contact, call.result, call.note, call.seconds) == (task, contact, "no_answer", "Later", 120)
    task.refresh_from_db()
    assert (task.status, task.result) == (TaskStatus.DONE, "No answer")
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo_url"], headers=HTMX)
    assert list(Task.objects.open()) == [task]
    assert not Activity.objects.live().exists()


def test_a_task_about_nobody_is_just_done(cast: Cast, sign_in: SignIn, now: Any) -> None:
    task = make_task(cast.manager, now, kind="call")
    client = sign_in(cast.manager)
    assert 'type="radio" name="kind"' not in client.get(url("done", task), headers=HTMX).content.decode()
    assert send(client, "done", task, kind="call", next_when="none").status_code == 422
    assert send(client, "done", task, kind="done", note="x" * 201, next_when="none").status_code == 422
    answer = send(client, "done", task, kind="done", note="Sent", next_when="tomorrow_10")
    assert answer.status_code == 204
    assert not Activity.objects.exists()
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo_url"], headers=HTMX)
    assert list(Task.objects.open()) == [task]
