"""Complaints and returns: taken down, told at once, answered in time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.refusals import NotAllowed
from crm.models import Complaint, ComplaintKind, ComplaintStatus, Source, Tag, Task, TaskStatus
from crm.services import complaints, tasks
from crm.services.base import Missing, StaleRecord
from crm.services.complaints import AlreadyAnswered, DuePassed
from notifications.models import Delivery, Message
from tests.factories.crm import make_company, make_complaint, make_contact, make_deal
from tests.factories.people import Cast
from tests.fixtures import Clock

TOMORROW_ENDS = datetime(2026, 10, 21, 22, 0, tzinfo=UTC)  # midnight in Warsaw


@pytest.fixture
def company(cast: Cast):
    return make_company(cast.manager)


@pytest.fixture
def complaint(company, cast: Cast, clock: Clock) -> Complaint:
    return complaints.add(by=cast.manager, at=clock.now, company=company, subject="Two pumps leak")


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("recipient__full_name", "kind"))


def test_it_is_answered_by_the_end_of_the_next_working_day(complaint: Complaint, cast: Cast) -> None:
    task = complaint.task
    assert (complaint.due_at, complaint.status) == (TOMORROW_ENDS, ComplaintStatus.OPEN)
    assert (task.due_at, task.due_has_time, task.owner) == (TOMORROW_ENDS, False, cast.manager)
    assert task.title == "Answer the complaint: Two pumps leak"


def test_after_friday_comes_monday(company, cast: Cast, clock: Clock) -> None:
    clock.set("2026-10-23 15:00")
    added = complaints.add(by=cast.manager, at=clock.now, company=company, subject="A", kind=ComplaintKind.RETURN)
    assert added.due_at == datetime(2026, 10, 26, 23, 0, tzinfo=UTC)
    assert added.task.title == "Settle the return: A"


def test_a_moment_is_kept_to_the_minute(company, cast: Cast, clock: Clock) -> None:
    due_at = clock.now + timedelta(hours=2)
    added = complaints.add(by=cast.manager, at=clock.now, company=company, subject="A", due_at=due_at)
    assert (added.task.due_at, added.task.due_has_time) == (due_at, True)


def test_the_client_follows_from_the_contact_and_one_is_needed(company, cast: Cast, clock: Clock) -> None:
    contact = make_contact(cast.manager, company=company)
    added = complaints.add(by=cast.manager, at=clock.now, contact=contact, subject="A")
    assert (added.company, added.task.contact) == (company, contact)
    with pytest.raises(Missing):
        complaints.add(by=cast.manager, at=clock.now, subject="A")
    with pytest.raises(Missing):
        complaints.add(by=cast.manager, at=clock.now, company=company, subject="  ")


def test_who_enters_his_own_tells_his_head_alone(complaint: Complaint, cast: Cast) -> None:
    assert told() == [("Hanna Head", "complaint")]


def test_the_owner_and_his_head_hear_of_what_a_program_takes_down(company, cast: Cast, clock: Clock) -> None:
    owner = cast.manager
    company.owner = cast.teammate
    company.save(update_fields=["owner"])
    complaints.add(by=cast.head, at=clock.now, company=company, subject="A", owner=owner)
    assert told() == [("Anna Manager", "complaint")]
    assert Message.objects.get().url == f"/complaints/{Complaint.objects.get().pk}/"


def test_a_vip_wakes_people_whatever_the_hour(company, cast: Cast, clock: Clock) -> None:
    company.tags.add(Tag.objects.create(name="vip"))
    complaints.add(by=cast.manager, at=clock.now, company=company, subject="A")
    assert told() == [("Hanna Head", "complaint_vip")]
    assert Delivery.objects.get().due_at == clock.now


def test_a_head_who_answers_himself_is_not_told_twice(cast: Cast, clock: Clock) -> None:
    complaints.add(by=cast.head, at=clock.now, company=make_company(cast.head), subject="A")
    assert told() == []


def test_a_new_owner_is_told_and_gets_the_task(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    complaints.edit(complaint=complaint, by=cast.head, at=clock.now, owner=cast.teammate)
    assert told() == [("Hanna Head", "complaint"), ("Tomasz Teammate", "complaint")]
    assert Task.objects.get().owner == cast.teammate


def test_another_day_moves_the_task(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    complaints.edit(complaint=complaint, by=cast.manager, at=clock.now, due_at=date(2026, 10, 30))
    task = Task.objects.get()
    assert (complaint.due_at, task.due_at) == (datetime(2026, 10, 30, 23, 0, tzinfo=UTC),) * 2
    assert (task.pushes, task.push_reason) == (1, "The complaint is to be answered by another day")
    with pytest.raises(DuePassed):
        complaints.edit(complaint=complaint, by=cast.manager, at=clock.now, due_at=date(2026, 10, 19))


def test_an_answer_finishes_it_with_its_task(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    complaints.settle(complaint=complaint, answer="New pumps sent", by=cast.manager, at=clock.now)
    complaint.refresh_from_db()
    assert (complaint.status, complaint.answer, complaint.closed_at) == (
        ComplaintStatus.SETTLED,
        "New pumps sent",
        clock.now,
    )
    assert (complaint.task.status, complaint.task.result) == (TaskStatus.DONE, "New pumps sent")


def test_a_long_answer_is_kept_whole(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    complaints.refuse(complaint=complaint, answer="No. " * 1000, by=cast.manager, at=clock.now)
    complaint.refresh_from_db()
    assert (len(complaint.answer), len(complaint.task.result)) == (3999, 200)


def test_it_is_answered_once(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    with pytest.raises(Missing):
        complaints.settle(complaint=complaint, answer=" ", by=cast.manager, at=clock.now)
    complaints.settle(complaint=complaint, answer="Done", by=cast.manager, at=clock.now)
    complaints.settle(complaint=complaint, answer="Done", by=cast.manager, at=clock.now)
    with pytest.raises(AlreadyAnswered):
        complaints.refuse(complaint=complaint, answer="No", by=cast.manager, at=clock.now)


def test_opened_again_it_has_a_new_task(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    first = complaint.task
    complaints.settle(complaint=complaint, answer="Done", by=cast.manager, at=clock.now)
    clock.set("2026-10-28 09:00")
    complaints.reopen(complaint=complaint, by=cast.manager, at=clock.now)
    assert (complaint.status, complaint.closed_at, complaint.answer) == (ComplaintStatus.OPEN, None, "Done")
    assert complaint.task != first
    assert complaint.task.due_at == datetime(2026, 10, 29, 23, 0, tzinfo=UTC)
    assert complaints.reopen(complaint=complaint, by=cast.manager, at=clock.now) == complaint


def test_a_task_that_was_closed_by_itself_leaves_it_open(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    tasks.done(task=complaint.task, by=cast.manager, at=clock.now)
    complaint.refresh_from_db()
    assert complaint.status == ComplaintStatus.OPEN
    complaints.settle(complaint=complaint, answer="Done", by=cast.manager, at=clock.now)
    assert Task.objects.count() == 1


def test_deleted_it_takes_its_task_along(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    complaints.delete(complaint=complaint, by=cast.manager, at=clock.now)
    assert not Complaint.objects.live().exists()
    assert Task.objects.get().status == TaskStatus.DROPPED


def test_the_same_key_makes_one_and_tells_once(company, cast: Cast, clock: Clock) -> None:
    words = {"by": cast.manager, "at": clock.now, "company": company, "subject": "A", "source": Source.API}
    assert complaints.add(**words, external_id="k") == complaints.add(**words, external_id="k")
    assert (Task.objects.count(), Message.objects.count()) == (1, 1)


def test_a_stale_change_is_refused(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    seen = complaint.changed_at
    clock.set("2026-10-20 10:05")
    complaints.edit(complaint=complaint, by=cast.head, at=clock.now, note="x")
    with pytest.raises(StaleRecord):
        complaints.edit(complaint=complaint, by=cast.manager, at=clock.now, seen_at=seen, note="y")
    with pytest.raises(StaleRecord):
        complaints.settle(complaint=complaint, answer="A", by=cast.manager, at=clock.now, seen_at=seen)


def test_strangers_reach_nothing(company, cast: Cast, clock: Clock) -> None:
    complaint = make_complaint(company, clock.now + timedelta(days=1))
    for person in (cast.teammate, cast.stranger, cast.other_head, cast.owner, cast.admin):
        with pytest.raises(NotAllowed):
            complaints.add(by=person, at=clock.now, company=company, subject="A")
        for verb in (complaints.edit, complaints.reopen, complaints.delete):
            with pytest.raises(NotAllowed):
                verb(complaint=complaint, by=person, at=clock.now)
        for verb in (complaints.settle, complaints.refuse):
            with pytest.raises(NotAllowed):
                verb(complaint=complaint, answer="A", by=person, at=clock.now)
    with pytest.raises(NotAllowed):
        complaints.edit(complaint=complaint, by=cast.manager, at=clock.now, deal=make_deal(cast.stranger))


def test_another_subject_moves_no_date_that_was_set_on_the_task(complaint: Complaint, cast: Cast, clock: Clock) -> None:
    tasks.move(task=complaint.task, due=date(2026, 10, 28), by=cast.manager, at=clock.now)
    moved_to = complaint.task.due_at
    clock.set("2026-10-23 10:00")
    complaints.edit(complaint=complaint, by=cast.head, at=clock.now, subject="Three pumps leak")
    task = Task.objects.get()
    assert (task.title, task.due_at, task.pushes) == ("Answer the complaint: Three pumps leak", moved_to, 1)
