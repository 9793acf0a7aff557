"""History is written by the database, exact for any past moment, and refuses to be rewritten."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from crm.models import Activity, Company, CompanyTimeline, Deal, DealPeriod, DealTimeline, Task, TaskPeriod
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_stamp_sent_by_the_application_is_overwritten(clock, cast):
    earlier = clock.now
    stamped = clock.set("2026-10-20 12:00")
    company = make_company(cast.manager, recorded_at=earlier, changed_at=earlier)
    assert (company.recorded_at, company.changed_at) == (stamped, stamped)
    Company.objects.filter(pk=company.pk).update(recorded_at=earlier)
    company.refresh_from_db()
    assert company.recorded_at == stamped


@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "raw"])
def test_every_way_of_writing_leaves_the_old_version(clock, cast, way):
    company = make_company(cast.manager, "Old name")
    before = clock.now
    clock.set("2026-10-21 09:00")
    company.name = "New name"
    match way:
        case "save":
            company.save()
        case "update":
            Company.objects.filter(pk=company.pk).update(name="New name")
        case "bulk_update":
            Company.objects.bulk_update([company], ["name"])
        case "raw":
            run(f"UPDATE crm_company SET name = 'New name' WHERE id = {company.pk}")
    assert CompanyTimeline.objects.as_of(before).get(pk=company.pk).name == "Old name"
    assert CompanyTimeline.objects.as_of(clock.now).get(pk=company.pk).name == "New name"


def test_a_deleted_row_is_still_there_as_of_before(clock, cast):
    company = make_company(cast.manager)
    before = clock.now
    clock.set("2026-10-21 09:00")
    Company.objects.filter(pk=company.pk).delete()
    assert CompanyTimeline.objects.as_of(before).filter(pk=company.pk).exists()
    assert not CompanyTimeline.objects.as_of(clock.now).filter(pk=company.pk).exists()


def test_saving_without_a_change_makes_no_version(clock, cast):
    deal = make_deal(cast.manager)
    clock.set("2026-10-21 09:00")
    deal.save()
    make_task(cast.manager, clock.now, deal=deal)
    assert DealTimeline.objects.filter(pk=deal.pk).count() == 1


def test_nobody_takes_over_what_somebody_else_did(clock, cast):
    deal = make_deal(cast.manager)
    Deal.objects.filter(pk=deal.pk).update(status="lost", changed_by=cast.manager)
    lost_at = clock.now
    clock.set("2026-10-21 09:00")
    Deal.objects.filter(pk=deal.pk).update(status="lost", changed_by=cast.teammate)
    assert DealTimeline.objects.as_of(clock.now).get(pk=deal.pk).changed_by == cast.manager
    run(f"UPDATE crm_deal SET note = 'Mine', changed_by_id = {cast.teammate.pk} WHERE id = {deal.pk}")
    versions = [DealTimeline.objects.as_of(at).get(pk=deal.pk).changed_by for at in (lost_at, clock.now)]
    assert versions == [cast.manager, cast.teammate]


def test_open_deals_of_a_past_moment_with_their_owner_then(clock, cast):
    deal = make_deal(cast.manager)
    first = clock.now
    second = clock.set("2026-10-21 09:00")
    Deal.objects.filter(pk=deal.pk).update(owner=cast.teammate)
    third = clock.set("2026-10-22 09:00")
    Deal.objects.filter(pk=deal.pk).update(status="won", changed_by=cast.teammate)
    assert [DealPeriod.objects.at(t).values_list("owner", flat=True).first() for t in (first, second, third)] == [
        cast.manager.pk,
        cast.teammate.pk,
        None,
    ]
    deal.refresh_from_db()
    assert (deal.first_won_at, deal.first_won_by, deal.closed_at) == (third, cast.teammate, third)
    assert list(Deal.objects.open_at(first)) == [deal]
    assert not Deal.objects.open_at(third)


def test_the_first_win_stays_when_the_deal_is_opened_and_won_again(clock, cast):
    deal = make_deal(cast.manager)
    won = clock.set("2026-10-20 11:00")
    Deal.objects.filter(pk=deal.pk).update(status="won")
    clock.set("2026-10-21 09:00")
    Deal.objects.filter(pk=deal.pk).update(status="open")
    clock.set("2026-10-22 09:00")
    Deal.objects.filter(pk=deal.pk).update(status="won", changed_by=cast.teammate)
    deal.refresh_from_db()
    assert (deal.first_won_at, deal.first_won_by) == (won, cast.manager)


def test_a_moved_due_date_leaves_the_stretch_in_which_it_was_due_before(clock, cast):
    task = make_task(cast.manager, due_at=clock.now)
    first_due = clock.now
    clock.set("2026-10-20 11:00")
    Task.objects.filter(pk=task.pk).update(due_at=clock.set("2026-10-25 10:00"))
    stretches = TaskPeriod.objects.filter(task=task).order_by("from_at")
    assert [stretch.due_at == first_due for stretch in stretches] == [True, False]
    assert stretches[0].to_at == stretches[1].from_at


def test_the_next_task_of_a_deal_is_kept_whoever_writes_the_task(clock, cast):
    deal = make_deal(cast.manager)
    task = make_task(cast.manager, clock.now, deal=deal)
    deal.refresh_from_db()
    assert deal.next_task_due == task.due_at
    run(f"UPDATE crm_task SET status = 'done' WHERE id = {task.pk}")
    deal.refresh_from_db()
    assert deal.next_task_due is None


def test_moving_a_stage_stamps_when(clock, cast):
    deal = make_deal(cast.manager)
    moved = clock.set("2026-10-22 09:00")
    Deal.objects.filter(pk=deal.pk).update(stage=make_stage("Offer"))
    deal.refresh_from_db()
    assert deal.stage_since == moved


@pytest.mark.parametrize(
    "column", ["performed_by_id = id + 999", "occurred_at = now()", "kind = 'note'", "source = 'api'"]
)
def test_who_when_what_and_from_where_of_an_activity_never_change(clock, cast, column):
    activity = make_activity(cast.manager, clock.now)
    with pytest.raises(IntegrityError, match="cannot be changed"):
        run(f"UPDATE crm_activity SET {column} WHERE id = {activity.pk}")
    assert Activity.objects.filter(pk=activity.pk, kind="call").exists()


def test_an_activity_in_the_future_is_refused(clock, cast):
    with pytest.raises(IntegrityError, match="activity_not_in_the_future"), transaction.atomic():
        make_activity(cast.manager, clock.now.replace(hour=23))


HISTORY = [
    *(f"crm_{noun}_history" for noun in ("company", "contact", "deal", "task", "activity")),
    "crm_dealperiod",
    "crm_taskperiod",
]


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM {0}", "UPDATE {0} SET to_at = to_at", "TRUNCATE {0}", "INSERT INTO {0} SELECT * FROM {0}"],
)
def test_history_refuses_to_be_written_by_hand(clock, cast, table, statement):
    deal = make_deal(cast.manager, company=make_company(cast.manager))
    make_contact(cast.manager)
    make_task(cast.manager, clock.now, deal=deal)
    make_activity(cast.manager, clock.now, deal=deal)
    for noun in ("company", "contact", "deal", "task", "activity"):
        run(f"UPDATE crm_{noun} SET note = 'changed'")
    with pytest.raises(IntegrityError, match="refused"):
        run(statement.format(table))
