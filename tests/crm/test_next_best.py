"""The ranked list of what to do next: what is in it, in which order, and why."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from crm.models import TaskStatus
from crm.next_best import Band, Entry, ranked
from crm.work_left import WorkLeft
from tests.factories.crm import (
    make_activity,
    make_company,
    make_complaint,
    make_contact,
    make_contract,
    make_deal,
    make_stage,
    make_task,
)
from tests.factories.people import Cast
from tests.fixtures import Clock


def waiting(user: User, now: datetime) -> list[Entry]:
    with timezone.override(user.zone):
        return ranked(WorkLeft.read(user, now), now)


def said(user: User, now: datetime) -> list[tuple[str, str]]:
    return [(entry.title, entry.reason) for entry in waiting(user, now)]


def test_the_most_pressing_comes_first_and_says_why(cast: Cast, clock: Clock) -> None:
    clock.set("2026-10-06 09:00")
    company = make_company(cast.manager, "Elbe Pharma")
    bare = make_deal(cast.manager, "Bare deal", company=company, amount_minor=12_000_00)
    cold = make_deal(cast.manager, "Cold deal", stage=make_stage("Offer", cold_after_days=7), amount_minor=5_000_00)
    now = clock.set("2026-10-20 10:00")  # a Tuesday
    make_task(cast.manager, now + timedelta(days=3), "Next step", deal=cold)
    make_task(cast.manager, now + timedelta(minutes=20), "Meet the buyer")
    make_task(cast.manager, now + timedelta(hours=6), "Afternoon")
    make_task(cast.manager, now + timedelta(hours=14), "Some time today", due_has_time=False)
    make_task(cast.manager, now - timedelta(days=4), "Late one")
    make_complaint(company, now - timedelta(days=1), subject="Arrived broken")
    make_complaint(company, now + timedelta(hours=2), subject="Wrong colour")
    make_contract(company, date(2026, 1, 1), date(2026, 11, 1), title="Maintenance")
    contact = make_contact(cast.manager, "Elena Bauer")
    make_activity(cast.manager, now - timedelta(days=1), contact=contact, result="no_answer")
    assert said(cast.manager, now) == [
        ("Meet the buyer", "At 10:20, in 20 min"),
        ("Arrived broken", "The answer was due: Yesterday 10:00"),
        ("Late one", "Overdue since Friday"),
        ("Elena Bauer", "No answer: Yesterday 09:55. Nobody has talked since."),
        ("Wrong colour", "The answer is due: Today 12:00"),
        ("Afternoon", "Due today at 16:00"),
        ("Some time today", "Due today"),
        ("Maintenance", "Ends in 12 days"),
        ("Bare deal", "€12\u202f000, no next step for 14 days"),
        ("Cold deal", "€5\u202f000, 14 days in Offer"),
    ]
    assert [entry.band for entry in waiting(cast.manager, now)] == sorted(
        entry.band for entry in waiting(cast.manager, now)
    )
    assert bare.pk == waiting(cast.manager, now)[8].record


def test_it_is_the_same_however_often_it_is_asked(cast: Cast, clock: Clock) -> None:
    for n in range(5):
        make_task(cast.manager, clock.now - timedelta(days=2), f"Same hour {n}")
        make_deal(cast.manager, f"Same amount {n}", amount_minor=100)
    first = [entry.key for entry in waiting(cast.manager, clock.now)]
    assert first == [entry.key for entry in waiting(cast.manager, clock.now)]
    assert [record for noun, record in first if noun == "task"] == sorted(
        record for noun, record in first if noun == "task"
    )


def test_larger_deals_come_before_smaller_ones(cast: Cast, clock: Clock) -> None:
    for amount in (100, None, 900, 500):
        make_deal(cast.manager, f"Worth {amount}", amount_minor=amount)
    assert [entry.title for entry in waiting(cast.manager, clock.now)] == [
        "Worth 900", "Worth 500", "Worth 100", "Worth None",
    ]  # fmt: skip


def test_how_long_a_task_is_overdue_reads_as_people_say_it(cast: Cast, clock: Clock) -> None:
    now = clock.now  # Tuesday 10:00
    for hours in (1, 24, 4 * 24, 40 * 24):
        make_task(cast.manager, now - timedelta(hours=hours), f"{hours}")
    assert [reason for _title, reason in said(cast.manager, now)] == [
        "Overdue since Thu 10 Sep", "Overdue since Friday", "Overdue since yesterday", "Overdue since 09:00",
    ]  # fmt: skip


def test_a_deal_stands_once_with_its_task_or_call(cast: Cast, clock: Clock) -> None:
    now = clock.now
    stage = make_stage("Offer", cold_after_days=1)
    clock.set("2026-10-01 10:00")
    deal = make_deal(cast.manager, "Fleet renewal", stage=stage)
    clock.set("2026-10-20 10:00")
    make_task(cast.manager, now - timedelta(days=2), "Send the offer", deal=deal)
    assert [entry.noun for entry in waiting(cast.manager, now)] == ["task"]


def test_the_task_of_a_complaint_or_contract_is_not_told_twice(cast: Cast, clock: Clock) -> None:
    now, company = clock.now, make_company(cast.manager)
    answer = make_task(cast.manager, now - timedelta(hours=1), "Answer the complaint", company=company)
    renew = make_task(cast.manager, now - timedelta(hours=1), "Renew", company=company)
    make_complaint(company, now - timedelta(hours=1), task=answer)
    make_contract(company, date(2026, 1, 1), date(2026, 11, 1), reminder=renew)
    assert [entry.noun for entry in waiting(cast.manager, now)] == ["complaint", "contract"]


def test_a_call_back_is_over_once_somebody_talked_or_planned_to(cast: Cast, clock: Clock) -> None:
    now = clock.now
    people = [
        make_contact(cast.manager, name)
        for name in ("Reached", "Tried again", "Planned", "Met", "Long ago", "Given away")
    ]
    for contact in people[:4]:
        make_activity(cast.manager, now - timedelta(days=1), contact=contact, result="busy")
    reached, again, planned, met, long_ago, given = people
    make_activity(cast.teammate, now, contact=reached, result="reached")
    make_activity(cast.manager, now, contact=again, result="no_answer")
    make_task(cast.manager, now + timedelta(days=2), "Call again", contact=planned)
    make_activity(cast.manager, now, kind="meeting", contact=met, result="agreed")
    make_activity(cast.manager, now - timedelta(days=20), contact=long_ago, result="busy")
    make_activity(cast.manager, now, contact=given, result="busy")
    given.owner = cast.stranger
    given.save(update_fields=["owner"])
    assert [(entry.title, entry.band) for entry in waiting(cast.manager, now)] == [("Tried again", Band.CALL_BACK)]


def test_a_company_without_a_person_is_called_back_too(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager, "Elbe Pharma")
    make_activity(cast.manager, clock.now, company=company, result="busy")
    entry = waiting(cast.manager, clock.now)[0]
    assert entry.key == ("company", company.pk)
    assert entry.log_url.endswith(f"?company={company.pk}")
    make_activity(cast.manager, clock.now + timedelta(minutes=9), company=company, result="reached")
    assert waiting(cast.manager, clock.now) == []


def test_what_is_anothers_closed_deleted_or_far_does_not_wait(cast: Cast, clock: Clock) -> None:
    now, company = clock.now, make_company(cast.manager)
    make_task(cast.teammate, now - timedelta(days=1), "Of a colleague")
    make_task(cast.manager, now + timedelta(days=2), "Later")
    make_task(cast.manager, now - timedelta(days=1), "Gone", deleted_at=now)
    make_task(cast.manager, now - timedelta(days=1), "Done", status=TaskStatus.DONE)
    make_deal(cast.manager, "Lost", status="lost")
    make_complaint(company, now - timedelta(days=1), status="settled", closed_at=now)
    make_complaint(company, now + timedelta(days=3))
    make_contract(company, date(2026, 1, 1), date(2026, 12, 31), remind_days=30)
    make_contract(company, date(2026, 1, 1), date(2026, 10, 31), status="renewed")
    make_contract(company, date(2026, 1, 1), None)
    assert waiting(cast.manager, now) == []


def test_a_step_too_far_away_is_none(cast: Cast, clock: Clock) -> None:
    deal = make_deal(cast.manager, "Far deal", amount_minor=100_00)
    make_task(cast.manager, clock.now + timedelta(days=45), deal=deal)
    assert said(cast.manager, clock.now) == [("Far deal", "€100, the next step is as far as Fri 4 Dec")]


def test_an_entry_knows_where_it_is_logged_and_finished(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    deal = make_deal(cast.manager, company=company)
    task = make_task(cast.manager, clock.now - timedelta(days=1), deal=deal, company=company)
    entry = waiting(cast.manager, clock.now)[0]
    assert entry.log_url == f"/log/?task={task.pk}"
    assert entry.done_url == f"/tasks/{task.pk}/done/"
    assert entry.step_url == f"/tasks/new/?deal={deal.pk}&company={company.pk}"
    assert entry.href == f"/deals/{deal.pk}/"


def test_a_complaint_is_answered_and_a_contract_renewed_by_their_own_dialogs(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    complaint = make_complaint(company, clock.now - timedelta(days=1))
    contract = make_contract(company, date(2026, 1, 1), date(2026, 11, 1))
    first, second = waiting(cast.manager, clock.now)
    assert first.act_url == first.done_url == f"/complaints/{complaint.pk}/answer/"
    assert first.href == f"/complaints/{complaint.pk}/"
    assert first.log_url == f"/log/?company={company.pk}"
    assert second.act_url == second.done_url == f"/contracts/{contract.pk}/renew/"
