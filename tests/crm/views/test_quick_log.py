"""Quick log: one dialog for what just happened, from any page."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm import entry_times
from crm.folding import reversed_digits
from crm.models import Activity, CompanySettings, ContactPhone, EntryForm, EntryTime, NextStep, Task, TaskStatus
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
LOG = "/log/"
KEY = "0b5f4a3a-1111-4222-8333-444455556666"
pytestmark = pytest.mark.django_db


def opened(client: Client, **query: Any) -> str:
    return client.get(LOG, query, headers=HTMX).content.decode()


def send(client: Client, **values: object) -> Any:
    usual = {"kind": "call", "result_call": "reached", "note": "", "next_when": "none"}
    return client.post(LOG, usual | values, headers=HTMX)


def test_a_call_with_its_next_step_is_one_form(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    contact = make_contact(cast.manager, company=company)
    answer = send(sign_in(cast.manager), who=f"contact:{contact.pk}", note="Wants a quote", next_when="tomorrow_10")
    assert answer.status_code == 204
    assert "Call logged" in answer["HX-Trigger"]
    assert "day-changed" in answer["HX-Trigger"]
    call = Activity.objects.get()
    assert (call.contact, call.company, call.result, call.note) == (contact, company, "reached", "Wants a quote")
    assert abs(call.occurred_at - timezone.now()) < timedelta(seconds=20)
    task = Task.objects.get()
    assert (task.title, task.contact, task.status) == ("Call again", contact, TaskStatus.OPEN)


def test_sent_twice_it_is_logged_once(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    for _again in range(2):
        assert send(client, who=f"company:{company.pk}", key=KEY, next_when="tomorrow_10").status_code == 204
    assert Activity.objects.count() == 1
    assert Task.objects.count() == 1


def test_a_meeting_has_its_own_results(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    values = {"who": f"company:{company.pk}", "kind": "meeting", "result_meeting": "agreed", "minutes": "45"}
    assert send(client, **values).status_code == 204
    meeting = Activity.objects.get()
    assert (meeting.kind, meeting.result, meeting.seconds) == ("meeting", "agreed", 2700)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"who": ""}, "Choose whom it was with"),
        ({"who": "contact:999999"}, "Choose whom it was with"),
        ({"who": "user:1"}, "Choose whom it was with"),
        ({"result_call": ""}, "Choose how it ended"),
        ({"kind": "meeting", "result_meeting": ""}, "Choose how it ended"),
        ({"kind": "note"}, "Write the note first"),
        ({"next_when": "own"}, "Choose the date and time"),
        ({"deal": "999999"}, "This deal is gone"),
        ({"ended": "2099-01-01T10:00"}, "future"),
        ({"minutes": "-4"}, "greater than or equal to 0"),
    ],
)
def test_a_mistake_comes_back_and_nothing_is_logged(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    company = make_company(cast.manager)
    answer = send(sign_in(cast.manager), **{"who": f"company:{company.pk}"} | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_foreign_client_cannot_be_logged_on(cast: Cast, sign_in: SignIn) -> None:
    foreign = make_contact(cast.stranger, "Secret person")
    answer = send(sign_in(cast.manager), who=f"contact:{foreign.pk}")
    assert answer.status_code == 422
    assert "Secret person" not in answer.content.decode()
    assert "Secret person" not in opened(sign_in(cast.manager), contact=foreign.pk)


def test_an_owner_logs_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    for path in (LOG, reverse("crm:quick-log-who"), reverse("crm:quick-log-deals")):
        assert client.get(path).status_code == 404
    assert send(client, who="company:1").status_code == 404


def test_what_the_page_shows_is_chosen_already(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager, "Elbe Pharma")
    contact = make_contact(cast.manager, "Elena Bauer", company=company)
    deal = make_deal(cast.manager, "Fleet renewal", company=company)
    deal.contacts.add(contact)
    client = sign_in(cast.manager)
    assert f'value="company:{company.pk}" selected' in opened(client, company=company.pk)
    assert f'value="contact:{contact.pk}" selected' in opened(client, contact=contact.pk)
    shown = opened(client, deal=deal.pk)
    assert f'value="contact:{contact.pk}" selected' in shown
    assert f'value="{deal.pk}" selected' in shown


def test_whom_one_talked_to_lately_is_offered_first(cast: Cast, sign_in: SignIn) -> None:
    earlier, later = make_contact(cast.manager, "Earlier Person"), make_contact(cast.manager, "Later Person")
    make_contact(cast.manager, "Never Person")
    make_activity(cast.manager, timezone.now() - timedelta(days=2), contact=earlier)
    make_activity(cast.manager, timezone.now() - timedelta(days=1), contact=later)
    shown = opened(sign_in(cast.manager))
    assert shown.index("Later Person") < shown.index("Earlier Person")
    assert "Never Person" not in shown


def test_the_field_finds_names_companies_and_phones_of_ones_own(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager, "Elena Bauer")
    ContactPhone.objects.create(contact=contact, number="+49 40 555 1481", reversed=reversed_digits("+49405551481"))
    company = make_company(cast.manager, "Elbe Pharma")
    make_contact(cast.stranger, "Elena Fremd")
    client = sign_in(cast.manager)

    def found(query: str) -> list[str]:
        return [hit["value"] for hit in client.get(reverse("crm:quick-log-who"), {"q": query}).json()]

    assert found("elena") == [f"contact:{contact.pk}"]
    assert found("elb") == [f"company:{company.pk}"]
    assert found("5551481") == [f"contact:{contact.pk}"]
    assert found("") == []


def test_the_only_open_deal_of_whom_was_chosen_is_taken(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    contact = make_contact(cast.manager, company=company)
    deal = make_deal(cast.manager, "Fleet renewal", company=company)
    make_deal(cast.stranger, "Foreign deal", company=company)
    client = sign_in(cast.manager)
    shown = client.get(reverse("crm:quick-log-deals"), {"who": f"contact:{contact.pk}"}).content.decode()
    assert f'value="{deal.pk}" selected' in shown
    assert "Foreign deal" not in shown
    assert send(client, who=f"contact:{contact.pk}", deal=deal.pk).status_code == 204
    assert Activity.objects.get().deal == deal


def test_a_task_is_finished_by_what_was_logged(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    task = make_task(cast.manager, timezone.now(), "Call about the offer", kind="call", contact=contact)
    client = sign_in(cast.manager)
    shown = opened(client, task=task.pk)
    assert "Call about the offer" in shown
    assert f'value="contact:{contact.pk}" selected' in shown
    assert send(client, who=f"contact:{contact.pk}", task=task.pk).status_code == 204
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE
    assert Activity.objects.get().task == task


def test_earlier_today_is_said_with_a_time(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    assert send(sign_in(cast.manager), who=f"company:{company.pk}", ended="2026-02-03T09:30").status_code == 204
    assert Activity.objects.get().occurred_at.isoformat() == "2026-02-03T08:30:00+00:00"


def test_saving_stays_within_its_statements(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    contact = make_contact(cast.manager, company=company)
    client = sign_in(cast.manager)
    opened(client)
    stamp = entry_times.stamp(timezone.now(), EntryForm.LOG)
    with CaptureQueriesContext(connection) as captured:
        answer = send(
            client, who=f"contact:{contact.pk}", note="Agreed", next_when="tomorrow_10", key=KEY, opened=stamp
        )
    assert answer.status_code == 204
    asked = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) - 2 <= 12, "\n".join(asked)


def read_line(client: Client, line: str, **values: object) -> str:
    """The form after a line was sent; nothing is saved."""
    answer = send(client, line=line, **values)
    assert answer.status_code == 200
    assert not Activity.objects.exists()
    assert not Task.objects.exists()
    return answer.content.decode()


def test_a_line_of_text_fills_the_form_and_saves_nothing(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager, "Maria Kowalska")
    shown = read_line(sign_in(cast.manager), "call Kowalskiej 10m no answer, offer tomorrow 15:00", key=KEY, opened="x")
    assert f'value="contact:{contact.pk}" selected' in shown
    assert 'name="result_call" value="no_answer" checked' in shown
    assert 'name="minutes" value="10"' in shown
    assert 'name="next_when" value="own" checked' in shown
    assert 'name="next_title" value="offer"' in shown
    assert "T15:00" in shown
    assert f'value="{KEY}"' in shown
    assert "Check it, then save" in shown


def test_whom_a_name_may_also_mean_is_offered(cast: Cast, sign_in: SignIn) -> None:
    best, other = make_contact(cast.manager, "Nowak Anna"), make_contact(cast.manager, "Piotr Nowak")
    make_contact(cast.stranger, "Foreign Nowak")
    shown = read_line(sign_in(cast.manager), "call Nowak busy")
    assert f'value="contact:{best.pk}" selected' in shown
    assert f'data-value="contact:{other.pk}"' in shown
    assert "Foreign" not in shown


def test_nobody_found_leaves_the_words_in_the_note(cast: Cast, sign_in: SignIn) -> None:
    shown = read_line(sign_in(cast.manager), "call Nobody Known agreed on <b>two</b> dates", note="Before.")
    assert "Before.\nNobody Known agreed on &lt;b&gt;two&lt;/b&gt; dates</textarea>" in shown


def test_who_is_chosen_stays_unless_the_line_begins_with_somebody_else(cast: Cast, sign_in: SignIn) -> None:
    chosen, named = make_company(cast.manager, "Elbe Pharma"), make_company(cast.manager, "Berlin Foods")
    client = sign_in(cast.manager)
    kept = read_line(client, "agreed on the price for Berlin", who=f"company:{chosen.pk}")
    assert f'value="company:{chosen.pk}" selected' in kept
    assert "the price for Berlin</textarea>" in kept
    changed = read_line(client, "call Berlin Foods agreed", who=f"company:{chosen.pk}")
    assert f'value="company:{named.pk}" selected' in changed


def test_a_usual_time_in_a_line_is_its_chip(cast: Cast, sign_in: SignIn) -> None:
    make_contact(cast.manager, "Maria Kowalska")
    shown = read_line(sign_in(cast.manager), "call Kowalska, next week offer")
    assert re.search(r'name="next_when" value="(next_week|tomorrow_10)" checked', shown)


def test_five_fields_are_asked_at_most(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    task = make_task(cast.manager, timezone.now(), "Call", kind="call", contact=make_contact(cast.manager))
    assert opened(client).count("data-asked") == 5
    assert client.get(reverse("crm:task-done", args=[task.pk]), headers=HTMX).content.decode().count("data-asked") == 3


def test_the_time_that_entry_takes_is_kept_once(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    begun = timezone.now()
    values = {"who": f"company:{company.pk}", "key": KEY, "opened": entry_times.stamp(begun, EntryForm.LOG)}
    for _again in range(2):
        assert send(client, **values).status_code == 204
    took = EntryTime.objects.get()
    assert (took.user, took.form, took.opened_at, took.on_phone) == (cast.manager, "log", begun, False)
    assert took.saved_at >= begun


@pytest.mark.parametrize("opened", ["", "rubbish", "late", "ahead"])
def test_an_unlikely_time_is_not_kept(cast: Cast, sign_in: SignIn, opened: str) -> None:
    company = make_company(cast.manager)
    moments = {"late": timedelta(minutes=-31), "ahead": timedelta(minutes=5)}
    if opened in moments:
        opened = entry_times.stamp(timezone.now() + moments[opened], EntryForm.LOG)
    assert send(sign_in(cast.manager), who=f"company:{company.pk}", opened=opened).status_code == 204
    assert not EntryTime.objects.exists()


def test_a_line_and_a_phone_are_told_apart(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager, "Maria Kowalska")
    client = sign_in(cast.manager)
    begun = timezone.now()
    shown = read_line(client, "call Kowalska busy", opened=entry_times.stamp(begun, EntryForm.LOG))
    stamp = re.search(r'name="opened" value="([^"]+)"', shown)
    assert stamp is not None
    phone = {"Sec-CH-UA-Mobile": "?1"}
    values = {
        "who": f"contact:{contact.pk}",
        "kind": "call",
        "result_call": "busy",
        "next_when": "none",
        "opened": stamp[1],
    }
    assert client.post(LOG, values, headers=HTMX | phone).status_code == 204
    took = EntryTime.objects.get()
    assert (took.form, took.on_phone, took.opened_at) == ("line", True, begun)


def test_undo_opens_the_task_again_that_was_finished_and_drops_the_next(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    task = make_task(cast.manager, timezone.now(), "Call about the offer", kind="call", contact=contact)
    client = sign_in(cast.manager)
    answer = send(client, who=f"contact:{contact.pk}", task=task.pk, next_when="tomorrow_10")
    assert Task.objects.open().get().title == "Call again"
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    assert client.post(undo, headers=HTMX).status_code == 204
    assert list(Task.objects.open()) == [task]
    assert not Activity.objects.live().exists()


def test_undo_takes_back_all_or_nothing(cast: Cast, sign_in: SignIn) -> None:
    CompanySettings.objects.create(pk=1, next_step=NextStep.MUST)
    company = make_company(cast.manager)
    deal = make_deal(cast.manager, company=company)
    client = sign_in(cast.manager)
    answer = send(client, who=f"company:{company.pk}", deal=deal.pk, next_when="tomorrow_10")
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    refused = client.post(undo, headers=HTMX)
    assert refused.status_code == 422
    assert "Set the next step first" in refused["HX-Trigger"]
    assert Activity.objects.live().count() == 1
    assert Task.objects.open().count() == 1


def test_over_a_card_its_client_is_chosen(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager, "Elbe Pharma")
    headers = HTMX | {"HX-Current-URL": f"http://testserver/companies/{company.pk}/?tab=1"}
    client = sign_in(cast.manager)
    assert f'value="company:{company.pk}" selected' in client.get(LOG, headers=headers).content.decode()
    for elsewhere in ("http://testserver/nowhere/", "http://testserver/tasks/", "rubbish"):
        answer = client.get(LOG, headers=HTMX | {"HX-Current-URL": elsewhere})
        assert answer.status_code == 200
        assert 'value="company:' not in answer.content.decode()


def test_what_was_logged_can_be_taken_back_with_its_next_step(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    answer = send(client, who=f"company:{company.pk}", next_when="tomorrow_10")
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    assert client.post(undo, headers=HTMX).status_code == 204
    assert not Activity.objects.live().exists()
    assert not Task.objects.open().exists()
