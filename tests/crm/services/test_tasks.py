"""Tasks: due when they should be, moved with a reason, finished with a next step."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.permissions import Permission
from accounts.refusals import NotAllowed, Warned
from crm.models import CleanTransfer, CompanySettings, DealStatus, NextStep, Source, Task, TaskStatus
from crm.services import tasks
from crm.services.base import Missing, OwnerGone, StaleRecord
from tests.factories.crm import make_company, make_contact, make_deal, make_task
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 10, 23)


@pytest.fixture
def add(cast, clock):
    def one(title="Send the offer", by=None, due=FRIDAY, **words):
        return tasks.add(by=by or cast.manager, at=clock.now, title=title, due=due, **words)

    return one


@pytest.fixture
def call(cast, clock):
    def verb(name, task, by=None, **words):
        return getattr(tasks, name)(task=task, by=by or cast.manager, at=clock.now, **words)

    return verb


@pytest.fixture
def last(cast, clock):
    """The last open task of an open deal."""
    return make_task(
        cast.manager, clock.now + timedelta(days=1), deal=make_deal(cast.manager, company=make_company(cast.manager))
    )


def must():
    CompanySettings.objects.create(pk=1, next_step=NextStep.MUST)


def test_a_date_falls_due_at_the_end_of_the_owners_day(add, cast):
    mexico = make_user("Marta", team=cast.team, zone="America/Mexico_City")
    assert add().due_at == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert add(owner=mexico).due_at == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert not add().due_has_time


def test_the_end_of_the_day_of_the_clock_change_is_its_real_end(add):
    assert add(due=date(2026, 10, 25)).due_at == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_an_instant_falls_due_then(add, clock):
    task = add(due=clock.now + timedelta(hours=3))
    assert (task.due_at, task.due_has_time) == (clock.now + timedelta(hours=3), True)


def test_a_task_takes_the_company_of_its_deal_or_contact(add, cast):
    acme = make_company(cast.manager)
    assert add(deal=make_deal(cast.manager, company=acme)).company == acme
    assert add(contact=make_contact(cast.manager, company=acme)).company == acme


def test_a_task_may_be_set_for_a_colleague_who_then_does_it(add, call, cast):
    task = add(owner=cast.stranger)
    assert (task.owner, task.created_by) == (cast.stranger, cast.manager)
    assert call("done", task, by=cast.stranger).status == TaskStatus.DONE


def test_a_task_for_somebody_who_left_is_refused(add, cast):
    cast.teammate.is_active = False
    with pytest.raises(OwnerGone):
        add(owner=cast.teammate)


def test_a_task_says_what_is_to_be_done(add):
    with pytest.raises(Missing) as refused:
        add("  ")
    assert refused.value.field == "title"


@pytest.mark.parametrize("link", ["company", "contact", "deal"])
def test_a_task_hangs_only_on_records_within_reach(add, call, cast, link):
    make = {"company": make_company, "contact": make_contact, "deal": make_deal}[link]
    theirs = make(cast.stranger)
    with pytest.raises(NotAllowed):
        add(**{link: theirs})
    with pytest.raises(NotAllowed):
        call("edit", add(), **{link: theirs})


def test_a_reader_sets_no_task(add, cast):
    with pytest.raises(NotAllowed):
        add(by=cast.owner)


def test_moving_a_task_later_counts_and_the_third_time_needs_a_reason(add, call):
    task = add()
    for day in (24, 25):
        call("move", task, due=date(2026, 10, day))
    with pytest.raises(tasks.PushReasonMissing) as refused:
        call("move", task, due=date(2026, 10, 26), reason=" ")
    assert (refused.value.field, task.pushes) == ("reason", 2)
    call("move", task, due=date(2026, 10, 26), reason="The client is on holiday")
    assert (task.pushes, task.push_reason) == (3, "The client is on holiday")


def test_moving_a_task_earlier_or_nowhere_does_not_count(add, call):
    task = add()
    call("move", task, due=date(2026, 10, 22))
    call("move", task, due=date(2026, 10, 22))
    assert task.pushes == 0


def test_moving_a_lapsed_task_counts_wherever_it_goes(add, call, clock):
    task = add(due=clock.now - timedelta(hours=1))
    call("move", task, due=clock.now - timedelta(hours=2))
    assert task.pushes == 1


def test_an_edit_of_the_due_date_counts_like_a_move(add, call):
    task = add()
    for day in (24, 25):
        call("edit", task, due=date(2026, 10, day), title=f"Until the {day}th")
    with pytest.raises(tasks.PushReasonMissing):
        call("edit", task, due=date(2026, 10, 26))
    call("edit", task, due=date(2026, 10, 26), reason="Ill")
    assert (task.pushes, task.title) == (3, "Until the 25th")


def test_an_edit_on_top_of_somebody_elses_is_refused(add, cast, call, clock):
    task = add()
    seen_at = task.changed_at
    clock.set("2026-10-20 11:00")
    call("edit", task, by=cast.head, note="Called")
    with pytest.raises(StaleRecord):
        call("edit", task, seen_at=seen_at, note="Mailed")


def test_a_finished_task_has_its_result_and_stamp_and_stays_so(add, call, clock):
    task = add()
    done_at = clock.set("2026-10-20 11:00")
    call("done", task, result=" Sent ")
    clock.set("2026-10-20 12:00")
    call("done", task, result="Again")
    assert (task.status, task.result, task.done_at) == (TaskStatus.DONE, "Sent", done_at)


@pytest.mark.parametrize("verb", ["edit", "move", "drop", "give"])
def test_a_finished_task_does_not_change(add, call, cast, verb):
    words = {"edit": {"title": "Other"}, "move": {"due": FRIDAY}, "drop": {}, "give": {"to": cast.teammate}}[verb]
    with pytest.raises(tasks.TaskClosed):
        call(verb, call("done", add()), **words)


def test_a_reopened_task_is_due_when_it_was(add, call):
    task = call("reopen", call("done", add(), result="Sent"))
    assert (task.status, task.done_at, task.result) == (TaskStatus.OPEN, None, "")
    assert call("reopen", task) == task


def test_a_given_task_falls_due_at_the_end_of_the_same_day_where_the_new_owner_is(add, call, cast):
    mexico = make_user("Marta", team=cast.team, zone="America/Mexico_City")
    task = call("give", add(), to=mexico)
    assert (task.owner, task.due_at) == (mexico, datetime(2026, 10, 24, 6, tzinfo=UTC))


def test_a_given_task_with_a_time_keeps_its_instant(add, call, cast, clock):
    task = call("give", add(due=clock.now), to=cast.teammate)
    assert (task.owner, task.due_at, task.due_has_time) == (cast.teammate, clock.now, True)


@pytest.mark.parametrize("verb", ["done", "drop", "delete"])
def test_the_last_task_of_an_open_deal_asks_for_the_next_step(last, call, verb):
    with pytest.raises(tasks.NextStepMissing) as asked:
        call(verb, last)
    assert isinstance(asked.value, Warned)
    assert asked.value.code == "next_step_missing"
    last.refresh_from_db()
    assert (last.status, last.deleted_at) == (TaskStatus.OPEN, None)
    call(verb, last, overridden=True)
    assert not Task.objects.open().exists()


@pytest.mark.parametrize("verb", ["done", "drop", "delete"])
@pytest.mark.parametrize("overridden", [False, True])
def test_where_the_company_insists_nobody_goes_on_without_a_next_step(last, call, verb, overridden):
    must()
    with pytest.raises(tasks.NextStepMissing) as refused:
        call(verb, last, overridden=overridden)
    assert not isinstance(refused.value, Warned)
    assert Task.objects.open().get() == last


@pytest.mark.parametrize("verb", ["done", "drop", "delete"])
def test_the_next_step_given_with_it_is_set_on_the_same_records(last, call, verb, cast):
    must()
    call(verb, last, next_step=tasks.NextStepSpec("Call about the offer", FRIDAY, "call"))
    follow = Task.objects.open().get()
    assert (follow.title, follow.kind, follow.deal, follow.company) == (
        "Call about the offer",
        "call",
        last.deal,
        last.deal.company,
    )
    assert (follow.owner, follow.due_at) == (cast.manager, datetime(2026, 10, 23, 22, tzinfo=UTC))


def test_a_next_step_without_words_leaves_everything_as_it_was(last, call):
    with pytest.raises(Missing):
        call("done", last, next_step=tasks.NextStepSpec(" ", FRIDAY))
    assert Task.objects.open().get() == last


def test_a_task_is_not_taken_off_its_deal_without_a_next_step(last, call, cast):
    must()
    elsewhere = make_deal(cast.manager, "Other")
    for deal in (None, elsewhere):
        with pytest.raises(tasks.NextStepMissing):
            call("edit", last, deal=deal)
    call("edit", last, deal=elsewhere, next_step=tasks.NextStepSpec("Call", FRIDAY))
    assert (last.deal, Task.objects.open().exclude(pk=last.pk).get().deal) == (elsewhere, make_deal_of("Fleet renewal"))


def make_deal_of(title):
    from crm.models import Deal

    return Deal.objects.get(title=title)


def test_with_another_open_task_nothing_is_asked(last, call, cast, clock):
    must()
    make_task(cast.teammate, clock.now, deal=last.deal)
    assert call("done", last).status == TaskStatus.DONE


@pytest.mark.parametrize("closed", [{"status": DealStatus.WON}, {"deleted_at": datetime(2026, 10, 19, tzinfo=UTC)}])
def test_a_deal_that_is_closed_or_gone_asks_for_nothing(last, call, closed):
    must()
    type(last.deal).objects.filter(pk=last.deal_id).update(**closed)
    assert call("done", last).status == TaskStatus.DONE


def test_a_task_without_a_deal_asks_for_nothing(add, call):
    must()
    assert call("done", add()).status == TaskStatus.DONE


def test_the_colleague_who_finishes_a_task_on_a_deal_out_of_his_reach_may_set_its_next_step(last, call, cast):
    must()
    call("give", last, to=cast.stranger)
    call("done", last, by=cast.stranger, next_step=tasks.NextStepSpec("Call", FRIDAY))
    assert Task.objects.open().get().owner == cast.stranger


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head", "owner", "admin"])
@pytest.mark.parametrize("verb", ["edit", "move", "done", "drop", "delete", "reopen", "give"])
def test_who_does_not_reach_a_task_changes_nothing(add, call, cast, who, verb):
    task = add()
    words = {"edit": {"title": "Taken"}, "move": {"due": date(2026, 11, 1)}, "give": {"to": cast.stranger}}.get(
        verb, {}
    )
    with pytest.raises(NotAllowed):
        call(verb, task, by=getattr(cast, who), **words)
    task.refresh_from_db()
    assert (task.title, task.status, task.owner, task.pushes, task.deleted_at) == (
        "Send the offer",
        TaskStatus.OPEN,
        cast.manager,
        0,
        None,
    )


def test_the_same_key_of_the_same_source_brings_back_the_task(add):
    first = add(source=Source.API, external_id="t-1")
    assert add("Other", source=Source.API, external_id="t-1") == first


def test_nobody_makes_a_colleague_late(add, call, cast, clock):
    passed = clock.now - timedelta(minutes=1)
    with pytest.raises(tasks.AlreadyDue):
        add(owner=cast.stranger, due=passed)
    task = add(owner=cast.stranger)
    with pytest.raises(tasks.AlreadyDue):
        call("move", task, due=passed)
    with pytest.raises(tasks.AlreadyDue):
        call("edit", task, due=passed)
    assert add(due=passed).owner == cast.manager


def test_a_token_that_may_not_add_tasks_sets_no_next_step_either(call, cast, clock, last):
    cast.manager.token_scopes = frozenset({Permission.TASK_VIEW, Permission.TASK_EDIT})
    step = tasks.NextStepSpec(title="Call again", due=FRIDAY)
    with pytest.raises(NotAllowed):
        call("done", last, next_step=step)


def test_a_head_gives_a_task_away_through_nobodys_fault(add, call, cast, clock):
    task = call("give", add(), by=cast.head, to=cast.teammate, clean=True)
    kept = CleanTransfer.objects.get()
    assert (kept.task, kept.from_owner, kept.to_owner, kept.given_by) == (task, cast.manager, cast.teammate, cast.head)
    assert kept.recorded_at == clock.now
    assert task.owner == cast.teammate


@pytest.mark.parametrize("who", ["manager", "head"])
def test_nobody_takes_the_blame_off_himself(add, call, cast, who):
    by = getattr(cast, who)
    task = add(by=by, owner=by)
    with pytest.raises(tasks.NotClean):
        call("give", task, by=by, to=cast.teammate, clean=True)
    task.refresh_from_db()
    assert (task.owner, CleanTransfer.objects.count()) == (by, 0)


def test_a_head_of_others_has_no_say(add, call, cast):
    with pytest.raises(NotAllowed):
        call("give", add(), by=cast.other_head, to=cast.stranger, clean=True)
    assert not CleanTransfer.objects.exists()


def test_a_coordinator_needs_access_for_it(add, call, cast, clock):
    with pytest.raises(NotAllowed):
        call("give", add(), by=cast.admin, to=cast.teammate, clean=True)
    assert not CleanTransfer.objects.exists()


def test_giving_a_task_to_who_has_it_takes_no_blame_off(add, call, cast):
    call("give", add(), by=cast.head, to=cast.manager, clean=True)
    assert not CleanTransfer.objects.exists()
