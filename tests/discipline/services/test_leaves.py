"""Leave: who asks, who decides, what is refused with which field."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotAllowed
from discipline.models import Leave, LeaveKind, LeaveStatus
from discipline.services import leaves

pytestmark = pytest.mark.django_db
FROM, UNTIL = datetime(2026, 10, 26, 23, tzinfo=UTC), datetime(2026, 10, 28, 23, tzinfo=UTC)


@pytest.fixture
def ask(clock, cast):
    def asking(**facts):
        asked = {
            "user": cast.manager,
            "by": cast.manager,
            "kind": LeaveKind.VACATION,
            "from_at": FROM,
            "until_at": UNTIL,
        }
        return leaves.ask(at=clock.now, **(asked | facts))

    return asking


def test_a_request_waits_and_the_head_approves_it_with_the_stamp_of_the_database(ask, clock, cast):
    leave = ask(note=" by the sea ")
    assert (leave.status, leave.note, leave.approved_at) == (LeaveStatus.ASKED, "by the sea", None)
    now = clock.set("2026-10-20 16:00")
    approved = leaves.decide(leave=leave, approve=True, by=cast.head, at=now)
    assert (approved.status, approved.decided_by, approved.approved_at) == (LeaveStatus.APPROVED, cast.head, now)


def test_a_refusal_says_why(ask, clock, cast):
    leave = ask()
    with pytest.raises(leaves.AnswerMissing) as refused:
        leaves.decide(leave=leave, approve=False, answer=" ", by=cast.head, at=clock.now)
    assert refused.value.field == "answer"
    leaves.decide(leave=leave, approve=False, answer="Fair week", by=cast.head, at=clock.now)
    leave.refresh_from_db()
    assert (leave.status, leave.answer, leave.approved_at) == (LeaveStatus.REFUSED, "Fair week", None)


@pytest.mark.parametrize("who", ["manager", "teammate", "stranger", "other_head", "admin"])
def test_only_who_leads_the_person_decides(ask, clock, cast, who):
    leave = ask()
    with pytest.raises(NotAllowed):
        leaves.decide(leave=leave, approve=True, by=getattr(cast, who), at=clock.now)
    leave.refresh_from_db()
    assert leave.status == LeaveStatus.ASKED


def test_a_heads_own_leave_is_decided_by_the_owner(ask, clock, cast):
    leave = ask(user=cast.head, by=cast.head)
    with pytest.raises(NotAllowed):
        leaves.decide(leave=leave, approve=True, by=cast.head, at=clock.now)
    assert leaves.decide(leave=leave, approve=True, by=cast.owner, at=clock.now).status == LeaveStatus.APPROVED


def test_nobody_asks_in_anothers_name(ask, cast):
    with pytest.raises(NotAllowed):
        ask(by=cast.head)
    with pytest.raises(NotAllowed):
        ask(user=cast.owner, by=cast.owner)
    assert not Leave.objects.exists()


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"until_at": FROM - timedelta(hours=1)}, leaves.EndsBeforeItStarts, "until_at"),
        ({"until_at": FROM}, leaves.EndsBeforeItStarts, "until_at"),
        ({"until_at": FROM + timedelta(days=2000)}, leaves.TooLong, "until_at"),
        ({"kind": "party"}, leaves.UnknownKind, "kind"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_saved(ask, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        ask(**facts)
    assert (refused.value.field, Leave.objects.count()) == (field, 0)


def test_own_leave_does_not_overlap_but_may_touch(ask, cast, clock):
    first = ask()
    for facts in ({}, {"from_at": UNTIL - timedelta(minutes=1), "until_at": UNTIL + timedelta(days=1)}):
        with pytest.raises(leaves.Overlapping) as refused:
            ask(**facts)
        assert refused.value.field == "from_at"
    ask(from_at=UNTIL, until_at=UNTIL + timedelta(days=1))
    leaves.cancel(leave=first, by=cast.manager, at=clock.now)
    ask()
    assert Leave.objects.filter(user=cast.manager, status=LeaveStatus.ASKED).count() == 2


def test_the_same_days_of_two_people_do_not_matter(ask, cast):
    ask()
    ask(user=cast.teammate, by=cast.teammate)
    assert Leave.objects.count() == 2


def test_a_head_enters_a_sick_note_approved_also_for_days_that_are_over(clock, cast):
    leave = leaves.record(
        user=cast.manager, kind=LeaveKind.SICK, from_at=FROM - timedelta(days=20), until_at=UNTIL - timedelta(days=20),
        by=cast.head, at=clock.now,
    )  # fmt: skip
    assert (leave.status, leave.approved_at, leave.decided_by) == (LeaveStatus.APPROVED, clock.now, cast.head)


@pytest.mark.parametrize("who", ["manager", "teammate", "other_head", "admin"])
def test_who_does_not_lead_somebody_enters_nothing_for_him(clock, cast, who):
    facts = {"kind": LeaveKind.SICK, "from_at": FROM, "until_at": UNTIL}
    with pytest.raises(NotAllowed):
        leaves.record(user=cast.manager, by=getattr(cast, who), at=clock.now, **facts)
    assert not Leave.objects.exists()


def test_a_head_enters_nothing_for_himself(clock, cast):
    with pytest.raises(NotAllowed):
        leaves.record(user=cast.head, kind="sick", from_at=FROM, until_at=UNTIL, by=cast.head, at=clock.now)


def test_the_person_takes_his_leave_back_until_it_is_over_and_the_head_always(ask, clock, cast):
    leave = ask()
    leaves.decide(leave=leave, approve=True, by=cast.head, at=clock.now)
    after = clock.set("2026-11-02 09:00")
    with pytest.raises(leaves.AlreadyOver):
        leaves.cancel(leave=leave, by=cast.manager, at=after)
    cancelled = leaves.cancel(leave=leave, by=cast.head, at=after)
    assert (cancelled.status, cancelled.cancelled_at) == (LeaveStatus.CANCELLED, after)
    assert cancelled.approved_at == datetime(2026, 10, 20, 8, tzinfo=UTC), "that it was approved stays known"


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head", "admin"])
def test_nobody_else_takes_it_back(ask, clock, cast, who):
    leave = ask()
    with pytest.raises(NotAllowed):
        leaves.cancel(leave=leave, by=getattr(cast, who), at=clock.now)


def test_doing_it_twice_changes_nothing_and_a_decided_request_is_decided_no_more(ask, clock, cast):
    leave = ask()
    leaves.decide(leave=leave, approve=True, by=cast.head, at=clock.now)
    later = clock.set("2026-10-21 10:00")
    assert leaves.decide(leave=leave, approve=True, by=cast.head, at=later).approved_at < later
    with pytest.raises(leaves.AlreadyDecided):
        leaves.decide(leave=leave, approve=False, answer="No", by=cast.head, at=later)
    first = leaves.cancel(leave=leave, by=cast.manager, at=later)
    assert leaves.cancel(leave=leave, by=cast.manager, at=later).cancelled_at == first.cancelled_at
    with pytest.raises(leaves.AlreadyDecided):
        leaves.decide(leave=leave, approve=True, by=cast.head, at=later)


def test_person_and_days_of_a_leave_never_change(ask, cast):
    leave = ask()
    for change in ({"user": cast.teammate}, {"until_at": UNTIL + timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Leave.objects.filter(pk=leave.pk).update(**change)
