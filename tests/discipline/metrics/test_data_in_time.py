from datetime import timedelta

import pytest

from crm.models import Activity
from tests.factories.crm import make_company, make_contact, make_deal, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(clock, cast):
    def make(ended: str, saved: str = "", kind: str = "call", **fields):
        when = clock.set(ended)
        clock.set(saved or ended)
        who = cast.manager
        return Activity.objects.create(
            kind=kind, occurred_at=when, performed_by=who, created_by=who, changed_by=who, note="Talked.", **fields
        )

    return make


def test_a_day_with_something_entered_in_time_is_fine(log, figure, cast):
    log("2026-10-20 10:00")
    assert figure("data_in_time", cast.manager).value == 0


def test_a_day_on_which_nothing_was_entered_is_missed(figure, reasons, cast):
    assert reasons("data_in_time", cast.manager) == [("breach", "nothing_entered")]


@pytest.mark.parametrize("make", [make_company, make_contact, make_deal])
def test_anything_entered_by_hand_will_do(clock, figure, cast, make):
    make(cast.manager)
    assert figure("data_in_time", cast.manager).value == 0
    assert figure("data_in_time", cast.teammate).value == 1


def test_a_task_set_will_do(clock, figure, cast):
    make_task(cast.manager, clock.now + timedelta(days=1))
    assert figure("data_in_time", cast.manager).value == 0


@pytest.mark.parametrize("source", ["telephony", "mail", "api", "import"])
def test_captured_and_imported_records_were_entered_by_nobody(log, reasons, cast, source):
    log("2026-10-20 10:00", source=source, seconds=60)
    assert reasons("data_in_time", cast.manager) == [("breach", "nothing_entered")]


def test_what_was_entered_stays_entered_though_it_is_deleted(log, clock, figure, cast):
    made = log("2026-10-20 10:00")
    clock.set("2026-10-20 12:00")
    Activity.objects.filter(pk=made.pk).delete()
    assert figure("data_in_time", cast.manager).value == 0


def test_a_record_late_for_its_own_window_is_missed_on_the_day_it_is_typed_in(log, reasons, cast):
    log("2026-10-19 15:00", saved="2026-10-20 14:00")
    assert reasons("data_in_time", cast.manager) == [("breach", "late")]
    assert ("breach", "late") not in reasons("data_in_time", cast.manager, "2026-10-19")


@pytest.mark.parametrize(("saved", "late"), [("18:10:00", 0), ("18:10:00.000001", 1)])
def test_fifteen_minutes_after_its_end_a_record_is_never_late(log, figure, cast, saved, late):
    log("2026-10-19 17:55", saved=f"2026-10-19 {saved}")
    assert figure("data_in_time", cast.manager).value == late


def test_yesterday_evenings_call_belongs_to_today_and_is_in_time(log, figure, cast):
    log("2026-10-19 18:20", saved="2026-10-20 09:00")
    assert figure("data_in_time", cast.manager).value == 0


def test_a_late_record_taken_back_by_the_cut_off_is_none(log, clock, figure, cast):
    made = log("2026-10-19 15:00", saved="2026-10-20 14:00")
    log("2026-10-20 14:05")
    Activity.objects.filter(pk=made.pk).update(deleted_at=clock.now)
    assert figure("data_in_time", cast.manager).value == 0


def test_what_happened_before_somebody_was_scored_is_never_late(log, figure, cast):
    log("2026-01-02 15:00", saved="2026-10-20 14:00")
    assert figure("data_in_time", cast.manager).value == 0


def test_a_meeting_without_an_outcome_is_missed(log, reasons, cast):
    log("2026-10-20 11:00", kind="meeting")
    assert reasons("data_in_time", cast.manager) == [("breach", "no_outcome")]


@pytest.mark.parametrize(
    ("due", "missed"),
    [("2026-10-19 18:00", 0), ("2026-10-20 15:00", 1), ("2026-10-20 18:00", 1), ("2026-10-20 18:01", 0)],
)
def test_a_planned_meeting_of_the_window_still_open_at_the_cut_off_is_missed(log, clock, figure, cast, due, missed):
    log("2026-10-20 10:00")
    when = clock.set(due)
    clock.set("2026-10-19 09:00")
    make_task(cast.manager, when, kind="meeting")
    assert figure("data_in_time", cast.manager).value == missed


def test_a_planned_meeting_that_was_closed_is_fine(log, clock, figure, cast):
    log("2026-10-20 10:00")
    task = make_task(cast.manager, clock.now + timedelta(hours=2), kind="meeting")
    clock.set("2026-10-20 13:00")
    type(task).objects.filter(pk=task.pk).update(status="done")
    assert figure("data_in_time", cast.manager).value == 0
