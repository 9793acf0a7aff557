"""Activities: what happened is entered once, never ahead of time, and keeps who, when and what."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusals import NotAllowed
from crm.models import Activity, ActivityTimeline, CompanySettings, NextStep, Source, Task, TaskStatus
from crm.services import activities, tasks
from crm.services.base import KeyTaken, StaleRecord
from crm.services.text import OutOfRange
from tests.factories.crm import make_company, make_contact, make_deal, make_task

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 10, 23)


@pytest.fixture
def log(cast, clock):
    def one(kind="call", by=None, ago=5, **words):
        ended = clock.now - timedelta(minutes=ago)
        return activities.log(by=by or cast.manager, at=clock.now, kind=kind, occurred_at=ended, **words)

    return one


@pytest.fixture
def log_many(cast, clock):
    def many(*entries, by=None):
        whole = [{"kind": "call", "occurred_at": clock.now, **entry} for entry in entries]
        return activities.log_many(by=by or cast.manager, at=clock.now, entries=whole)

    return many


@pytest.fixture
def nadia(cast, clock):
    return make_contact(cast.manager, company=make_company(cast.manager))


def test_a_call_is_performed_by_who_logs_it_and_takes_the_company_of_the_contact(log, cast, nadia, clock):
    call = log(contact=nadia, note=" Spoke about tyres ", seconds=90)
    assert (call.performed_by, call.company, call.note, call.seconds) == (
        cast.manager,
        nadia.company,
        "Spoke about tyres",
        90,
    )
    assert (call.recorded_at, call.source) == (clock.now, Source.MANUAL)


def test_a_meeting_takes_the_company_of_the_deal_and_names_who_else_was_there(log, cast, nadia):
    deal, jan = make_deal(cast.manager, company=nadia.company), make_contact(cast.manager, "Jan")
    meeting = log("meeting", deal=deal, contact=nadia, others=[jan], result="agreed")
    assert (meeting.company, list(meeting.others.all())) == (nadia.company, [jan])


def test_a_call_without_a_word_is_kept_although_it_will_not_count(log, nadia):
    assert log(contact=nadia).pk


def test_a_call_may_end_five_minutes_ahead_of_the_clock_and_not_more(log, nadia):
    assert log(contact=nadia, ago=-5).pk
    with pytest.raises(activities.InTheFuture) as refused:
        log(contact=nadia, ago=-6)
    assert refused.value.field == "occurred_at"
    assert Activity.objects.count() == 1


def test_a_call_takes_no_negative_time(log):
    with pytest.raises(OutOfRange):
        log(seconds=-1)


@pytest.mark.parametrize("link", ["company", "contact", "deal", "task", "others"])
def test_an_activity_names_only_records_within_reach(log, log_many, cast, clock, link):
    theirs = {
        "company": lambda: make_company(cast.stranger),
        "contact": lambda: make_contact(cast.stranger),
        "deal": lambda: make_deal(cast.stranger),
        "task": lambda: make_task(cast.stranger, clock.now),
        "others": lambda: [make_contact(cast.stranger)],
    }[link]()
    with pytest.raises(NotAllowed):
        log(**{link: theirs})
    with pytest.raises(NotAllowed):
        log_many({link: theirs})
    assert not Activity.objects.exists()


def test_a_reader_logs_nothing(log, log_many, cast):
    with pytest.raises(NotAllowed):
        log(by=cast.owner)
    with pytest.raises(NotAllowed):
        log_many({}, by=cast.owner)


def test_a_call_that_was_a_task_finishes_it_and_sets_the_next_one_in_one_go(log, cast, clock, nadia):
    CompanySettings.objects.create(pk=1, next_step=NextStep.MUST)
    deal = make_deal(cast.manager, company=nadia.company)
    task = make_task(cast.manager, clock.now, deal=deal, contact=nadia)
    with pytest.raises(tasks.NextStepMissing):
        log(task=task, result="reached")
    assert not Activity.objects.exists()
    call = log(task=task, result="reached", next_step=activities.NextStepSpec("Send the offer", FRIDAY))
    assert (call.deal, call.contact, call.company) == (deal, nadia, nadia.company)
    task.refresh_from_db()
    assert (task.status, task.result) == (TaskStatus.DONE, "Reached")
    follow = Task.objects.open().get()
    assert (follow.title, follow.deal, follow.contact) == ("Send the offer", deal, nadia)


def test_where_the_company_only_asks_one_may_go_on_without_a_next_step(log, cast, clock):
    task = make_task(cast.manager, clock.now, deal=make_deal(cast.manager))
    log(task=task, overridden=True)
    assert not Task.objects.open().exists()


def test_a_call_with_a_next_step_and_no_task_sets_the_task(log, cast, nadia):
    log(contact=nadia, next_step=activities.NextStepSpec("Call again", FRIDAY, "call"))
    task = Task.objects.get()
    assert (task.contact, task.company, task.kind, task.owner) == (nadia, nadia.company, "call", cast.manager)


def test_a_task_already_done_is_named_and_stays_done(log, cast, clock):
    task = make_task(cast.manager, clock.now, status="done", result="Sent")
    assert log(task=task, result="reached").task == task
    task.refresh_from_db()
    assert task.result == "Sent"


def test_a_colleagues_task_on_a_deal_out_of_reach_may_be_worked_on(log, log_many, cast, clock):
    deal = make_deal(cast.manager)
    task = make_task(cast.stranger, clock.now, deal=deal)
    make_task(cast.manager, clock.now, deal=deal)
    assert log(by=cast.stranger, task=task, deal=deal).deal == deal
    assert log_many({"task": task}, by=cast.stranger)[0].deal == deal


def test_the_same_key_of_the_same_source_brings_back_the_activity(log, cast):
    first = log(source=Source.TELEPHONY, external_id="c-1")
    assert log(source=Source.TELEPHONY, external_id="c-1", note="again") == first
    with pytest.raises(KeyTaken):
        log(by=cast.stranger, source=Source.TELEPHONY, external_id="c-1")


def test_an_edit_changes_what_may_change_and_leaves_the_old_version(log, cast, clock, nadia):
    call, before = log(note="Spoke"), clock.now
    clock.set("2026-10-20 11:00")
    activities.edit(
        activity=call, by=cast.head, at=clock.now, note="Spoke long", contact=nadia, others=[nadia], seconds=60
    )
    assert (call.note, call.contact, call.seconds, call.changed_by) == ("Spoke long", nadia, 60, cast.head)
    assert list(call.others.all()) == [nadia]
    assert ActivityTimeline.objects.as_of(before).get(pk=call.pk).note == "Spoke"


@pytest.mark.parametrize("name", ["kind", "occurred_at", "performed_by", "source"])
def test_who_what_kind_when_and_from_where_cannot_be_edited(log, cast, clock, name):
    with pytest.raises(TypeError, match=name):
        activities.edit(activity=log(), by=cast.manager, at=clock.now, **{name: None})


def test_a_call_may_not_be_made_to_say_nothing(log, cast, clock):
    call = log(note="Spoke", result="reached")
    activities.edit(activity=call, by=cast.manager, at=clock.now, note="")
    with pytest.raises(activities.CallEmptied):
        activities.edit(activity=call, by=cast.manager, at=clock.now, result="")
    note = log("note", note="Birthday in May")
    assert activities.edit(activity=note, by=cast.manager, at=clock.now, note="").note == ""


def test_an_edit_cannot_hang_it_on_a_record_out_of_reach(log, cast, clock):
    with pytest.raises(NotAllowed):
        activities.edit(activity=log(), by=cast.manager, at=clock.now, deal=make_deal(cast.stranger))


def test_an_edit_on_top_of_somebody_elses_is_refused(log, cast, clock):
    call = log(note="Spoke")
    seen_at = call.changed_at
    clock.set("2026-10-20 11:00")
    activities.edit(activity=call, by=cast.head, at=clock.now, note="Spoke long")
    with pytest.raises(StaleRecord):
        activities.edit(activity=call, by=cast.manager, at=clock.now, seen_at=seen_at, note="Spoke short")


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head", "owner", "admin"])
@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_who_does_not_reach_an_activity_changes_nothing(log, cast, clock, who, verb):
    call = log(note="Spoke")
    words = {"note": "Taken"} if verb == "edit" else {}
    with pytest.raises(NotAllowed):
        getattr(activities, verb)(activity=call, by=getattr(cast, who), at=clock.now, **words)
    call.refresh_from_db()
    assert (call.note, call.deleted_at) == ("Spoke", None)


def test_a_deleted_activity_is_gone_from_the_timelines_and_stays_in_history(log, cast, clock):
    call, before = log(), clock.now
    activities.delete(activity=call, by=cast.manager, at=clock.set("2026-10-20 11:00"))
    assert not Activity.objects.visible_to(cast.manager).exists()
    assert ActivityTimeline.objects.as_of(before).get(pk=call.pk).deleted_at is None


def test_many_are_entered_like_one(log_many, cast, nadia, clock):
    jan = make_contact(cast.manager, "Jan")
    deal = make_deal(cast.manager, company=nadia.company)
    call, meeting = log_many(
        {"contact": nadia, "note": "Spoke", "seconds": 40, "source": "telephony", "external_id": "c-1"},
        {"kind": "meeting", "deal": deal, "others": [jan, nadia]},
    )
    assert (call.company, call.performed_by, call.recorded_at) == (nadia.company, cast.manager, clock.now)
    assert (meeting.company, set(meeting.others.all())) == (nadia.company, {jan, nadia})


def test_many_name_a_task_without_finishing_it(log_many, cast, clock):
    task = make_task(cast.manager, clock.now)
    assert log_many({"task": task})[0].task == task
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN


def test_keys_among_many_are_entered_once(log_many, log, cast):
    there = log(source=Source.TELEPHONY, external_id="c-1")
    key = {"source": "telephony"}
    made = log_many(key | {"external_id": "c-1"}, key | {"external_id": "c-2"}, key | {"external_id": "c-2"}, {})
    assert made[0] == there
    assert made[1] == made[2]
    assert Activity.objects.count() == 3
    with pytest.raises(KeyTaken):
        log_many(key | {"external_id": "c-1"}, by=cast.stranger)


def test_one_of_many_in_the_future_refuses_all(log_many, clock):
    with pytest.raises(activities.InTheFuture):
        log_many({}, {"occurred_at": clock.now + timedelta(minutes=6)})
    assert not Activity.objects.exists()


def test_many_take_no_next_step(log_many):
    with pytest.raises(TypeError, match="next_step"):
        log_many({"next_step": None})


def test_the_statements_of_many_do_not_grow_with_them(log_many, cast, clock):
    def cost(count):
        entries = []
        for number in range(count):
            company = make_company(cast.manager, f"Firm {number}")
            contact = make_contact(cast.manager, f"Person {number}", company=company)
            deal = make_deal(cast.manager, f"Deal {number}", company=company)
            key = {"source": "telephony", "external_id": f"{count}-{number}"}
            entries.append({"contact": contact, "deal": deal, "company": company, "others": [contact], **key})
        with CaptureQueriesContext(connection) as captured:
            log_many(*entries)
        return len(captured)

    assert cost(3) == cost(60) <= 12
