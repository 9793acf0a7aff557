"""The timeline, and logging on it: what happened, by whom, put right and taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Activity, Task
from crm.services import shares
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
LOG = reverse("crm:activity-log")


def composed(who: str, **more: object) -> dict[str, object]:
    return {
        "who": who,
        "kind": "call",
        "result_call": "reached",
        "note": "Agreed on Friday",
        "next_when": "none",
        **more,
    }


def timeline(noun: str, pk: int) -> str:
    return reverse("crm:timeline", args=[noun, pk])


def test_a_call_is_logged_and_stands_on_top_at_once(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager, company=make_company(cast.manager))
    answer = sign_in(cast.manager).post(LOG, composed(f"contact:{contact.pk}"), **HTMX)
    assert answer.status_code == 200
    activity = Activity.objects.get()
    assert (activity.kind, activity.result, activity.note) == ("call", "reached", "Agreed on Friday")
    assert (activity.performed_by, activity.contact, activity.company) == (cast.manager, contact, contact.company)
    body = answer.content.decode()
    assert f'id="activity-{activity.pk}"' in body
    assert "is-new" in body
    assert "Call logged." in answer["HX-Trigger"]


def test_the_next_step_is_set_with_it_on_the_deal(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    deal = make_deal(cast.manager)
    sent = composed(f"contact:{contact.pk}", next_when="tomorrow_10", deal=deal.pk)
    sign_in(cast.manager).post(LOG, sent, **HTMX)
    task = Task.objects.get()
    assert (task.contact, task.deal, task.owner) == (contact, deal, cast.manager)
    assert task.due_at > timezone.now()


def test_the_same_form_sent_twice_logs_once(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    sent = composed(f"contact:{contact.pk}", key="0f4a7c1e-6f6b-4d61-9a77-0d7a1b0a4c11", next_when="tomorrow_10")
    client = sign_in(cast.manager)
    for _time in range(2):
        assert client.post(LOG, sent, **HTMX).status_code == 200
    assert (Activity.objects.count(), Task.objects.count()) == (1, 1)


def test_a_note_must_say_something(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    answer = sign_in(cast.manager).post(LOG, composed(f"contact:{contact.pk}", kind="note", note=" "), **HTMX)
    assert answer.status_code == 422
    assert "Write the note first." in answer.content.decode()
    assert not Activity.objects.exists()


def test_what_has_not_ended_yet_is_refused_with_advice(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    ended = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = sign_in(cast.manager).post(LOG, composed(f"contact:{contact.pk}", ended=ended), **HTMX)
    assert answer.status_code == 422
    assert "plan it as a task" in answer.content.decode()


@pytest.mark.parametrize("who", ["contact:{pk}", "contact:0", "contact:", "user:1", "", "contact:99999999999999999999"])
def test_nothing_is_logged_on_a_client_out_of_sight(who: str, cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    assert sign_in(cast.stranger).post(LOG, composed(who.format(pk=contact.pk)), **HTMX).status_code == 404
    assert not Activity.objects.exists()


def test_a_foreign_deal_or_person_cannot_be_named(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    deal, contact = make_deal(cast.stranger), make_contact(cast.stranger)
    client = sign_in(cast.manager)
    for more in ({"deal": deal.pk}, {"spoke_with": contact.pk}):
        assert client.post(LOG, composed(f"company:{company.pk}", **more), **HTMX).status_code == 422
    assert not Activity.objects.exists()


def test_undo_takes_the_call_and_its_next_step_back(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager)
    client = sign_in(cast.manager)
    answer = client.post(LOG, composed(f"contact:{contact.pk}", next_when="tomorrow_10"), **HTMX)
    activity, task = Activity.objects.get(), Task.objects.get()
    undo = f"{reverse('crm:activity-undo', args=[activity.pk])}?step={task.pk}"
    assert undo in answer["HX-Trigger"]
    assert client.post(undo, **HTMX).status_code == 204
    assert not Activity.objects.live().exists()
    assert not Task.objects.live().exists()


def test_undo_leaves_tasks_of_others_alone(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    activity = make_activity(cast.manager, clock.now)
    theirs = Task.objects.create(
        title="Theirs", owner=cast.manager, due_at=clock.now, created_by=cast.head, changed_by=cast.head
    )
    sign_in(cast.manager).post(f"{reverse('crm:activity-undo', args=[activity.pk])}?step={theirs.pk}", **HTMX)
    assert Task.objects.live().get() == theirs


def test_a_stranger_neither_reads_nor_changes_nor_takes_back(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    contact = make_contact(cast.manager)
    activity = make_activity(cast.manager, clock.now, contact=contact, note="Canary")
    client = sign_in(cast.stranger)
    assert client.get(timeline("contact", contact.pk)).status_code == 404
    for verb in ("edit", "delete", "undo"):
        address = reverse(f"crm:activity-{verb}", args=[activity.pk])
        assert client.post(address, {"note": "Changed"}, **HTMX).status_code == 404
    activity.refresh_from_db()
    assert (activity.note, activity.deleted_at) == ("Canary", None)


def test_one_with_whom_it_is_shared_reads_it_but_does_not_edit_what_others_did(
    cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    contact = make_contact(cast.manager)
    shares.share(record=contact, with_=cast.teammate, by=cast.manager, at=clock.now)
    activity = make_activity(cast.manager, clock.now, contact=contact, note="Seen")
    client = sign_in(cast.teammate)
    body = client.get(timeline("contact", contact.pk)).content.decode()
    assert "Seen" in body
    assert reverse("crm:activity-edit", args=[activity.pk]) not in body
    assert client.get(reverse("crm:activity-edit", args=[activity.pk]), **HTMX).status_code == 404


def test_words_and_result_are_put_right_and_the_rest_stays(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    activity = make_activity(cast.manager, clock.now, contact=make_contact(cast.manager), result="busy", seconds=91)
    client = sign_in(cast.manager)
    address = reverse("crm:activity-edit", args=[activity.pk])
    assert "cannot be changed" in client.get(address, **HTMX).content.decode()
    sent = {"note": "Call back", "result": "no_answer", "minutes": "2", "kind": "meeting", "occurred_at": "2020-01-01"}
    assert client.post(address, sent, **HTMX).status_code == 204
    was = activity.occurred_at
    activity.refresh_from_db()
    assert (activity.note, activity.result) == ("Call back", "no_answer")
    assert (activity.kind, activity.occurred_at, activity.seconds) == ("call", was, 91)


def test_a_call_may_not_be_emptied(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    activity = make_activity(cast.manager, clock.now, contact=make_contact(cast.manager), note="Agreed", result="")
    answer = sign_in(cast.manager).post(reverse("crm:activity-edit", args=[activity.pk]), {"note": ""}, **HTMX)
    assert answer.status_code == 422
    activity.refresh_from_db()
    assert activity.note == "Agreed"


def test_the_timeline_is_narrowed_to_a_kind(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    contact = make_contact(cast.manager)
    make_activity(cast.manager, clock.now, "call", contact=contact, note="By phone")
    make_activity(cast.manager, clock.now, "note", contact=contact, note="On paper")
    client = sign_in(cast.manager)
    body = client.get(timeline("contact", contact.pk), {"what": "note"}).content.decode()
    assert "On paper" in body
    assert "By phone" not in body
    assert "By phone" in client.get(timeline("contact", contact.pk), {"what": "nonsense"}).content.decode()


def test_the_timeline_is_narrowed_to_a_person_and_a_period(cast: Cast, sign_in: SignIn) -> None:
    company, now = make_company(cast.manager), timezone.now()
    make_activity(cast.manager, now, company=company, note="Mine of today")
    make_activity(cast.head, now, company=company, note="Hers of today")
    make_activity(cast.manager, now - timedelta(days=400), company=company, note="Mine of old")
    client = sign_in(cast.manager)

    def shown(**asked: object) -> list[str]:
        page = client.get(timeline("company", company.pk), asked).context["timeline"]
        return [entry["text"] for day in page.days for entry in day.entries]

    assert shown(by=cast.manager.pk) == ["Mine of today", "Mine of old"]
    assert shown(by=cast.manager.pk, period="week") == ["Mine of today"]
    assert shown(period="older") == ["Mine of old"]
    assert shown(by="x", period="x") == ["Hers of today", "Mine of today", "Mine of old"]


def test_what_is_asked_stands_in_the_address_and_stays_while_the_card_is_brought_up_to_date(
    cast: Cast, sign_in: SignIn
) -> None:
    company, now = make_company(cast.manager), timezone.now()
    make_activity(cast.manager, now, "note", company=company, note="On paper")
    make_activity(cast.manager, now, "call", company=company, note="By phone")
    client, card = sign_in(cast.manager), reverse("crm:company", args=[company.pk])
    asked = {"what": "note", "period": "month"}
    answer = client.get(timeline("company", company.pk), asked, **HTMX, HTTP_HX_TRIGGER="timeline-filters")
    assert answer["HX-Replace-Url"] == f"{card}?what=note&period=month"
    for headers in ({}, {**HTMX, "HTTP_HX_TARGET": "client-refresh"}):
        body = client.get(card, asked, **headers).content.decode()
        assert "On paper" in body
        assert "By phone" not in body
    logged = client.post(LOG, composed(f"company:{company.pk}", what="note"), **HTMX).content.decode()
    assert "By phone" not in logged


def test_pages_follow_one_another_without_gap_or_repeat(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    company = make_company(cast.manager)
    for number in range(65):
        make_activity(cast.manager, clock.now - timedelta(hours=number // 2), company=company, note=f"<{number}>")
    client = sign_in(cast.manager)
    seen: list[str] = []
    days: list[str] = []
    address = timeline("company", company.pk)
    while address:
        page = client.get(address).context["timeline"]
        seen += [entry["text"] for day in page.days for entry in day.entries]
        days += [day.label for day in page.days if day.label]
        address = page.more
    assert len(seen) == len(set(seen)) == 65
    assert len(days) == len(set(days))


def test_days_are_those_of_the_reader(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    """23:30 on Monday in Warsaw is Tuesday in Moscow and still Monday in Madrid."""
    company = make_company(cast.manager)
    moment = clock.set("2026-10-19 23:35")
    make_activity(cast.manager, moment, company=company)
    clock.set("2026-10-20 10:00")
    client = sign_in(cast.manager)

    def hour(zone: str) -> str:
        User.objects.filter(pk=cast.manager.pk).update(zone=zone)
        body: str = client.get(timeline("company", company.pk)).content.decode()
        return body

    assert ">23:30<" in hour("Europe/Warsaw")
    assert ">00:30<" in hour("Europe/Moscow")


def test_a_contact_who_was_there_beside_others_has_it_on_his_timeline(
    cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    called, beside = make_contact(cast.manager), make_contact(cast.manager, "Lea Zimmer")
    activity = make_activity(cast.manager, clock.now, "meeting", contact=called, note="All three")
    activity.others.add(beside, called)
    client = sign_in(cast.manager)
    for contact in (called, beside):
        assert client.get(timeline("contact", contact.pk)).content.decode().count("All three") == 1


def test_a_timeline_shows_what_the_policy_lets_each_of_them_see_and_nothing_else(
    cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    company = make_company(cast.manager)
    shares.share(record=company, with_=cast.teammate, by=cast.manager, at=clock.now)
    own, foreign = make_contact(cast.manager, company=company), make_contact(cast.stranger, company=company)
    for by in (cast.manager, cast.teammate, cast.stranger):
        make_activity(by, clock.now, company=company, contact=own)
        make_activity(by, clock.now, company=company, contact=foreign)
        make_activity(by, clock.now, contact=own)
        make_activity(by, clock.now).others.add(own)
    for person in (cast.manager, cast.teammate, cast.head, cast.owner):
        for noun, record in (("company", company), ("contact", own)):
            answer = sign_in(person).get(timeline(noun, record.pk))
            if answer.status_code == 404:
                continue
            shown = {entry["pk"] for day in answer.context["timeline"].days for entry in day.entries}
            there = Q(company=company) if noun == "company" else Q(contact=own) | Q(others=own)
            assert shown == set(Activity.objects.visible_to(person).filter(there).values_list("pk", flat=True))


def test_a_page_costs_the_same_with_fifty_times_the_rows(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    contact = make_contact(cast.manager)

    def more(times: int = 50) -> None:
        for _number in range(times):
            make_activity(cast.manager, clock.now, contact=contact, deal=make_deal(cast.manager))

    more(1)
    assert_budget(sign_in(cast.manager), timeline("contact", contact.pk), 3, more)
