from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm.models import Activity
from discipline.metrics import METRICS, measure
from discipline.models import Scheme
from tests.factories.crm import make_company, make_contact
from tests.factories.discipline import make_assignment, window_of
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(clock, cast):
    """A call that ended at a time and was saved then, or at `saved`."""

    def make(ended: str, saved: str = "", **fields):
        fields.setdefault("note", "Talked it through.")
        when = clock.set(ended)
        clock.set(saved or ended)
        who = fields.pop("who", cast.manager)
        return Activity.objects.create(
            kind="call", occurred_at=when, performed_by=who, created_by=who, changed_by=who, **fields
        )

    return make


def test_a_call_with_a_note_or_a_result_counts(call, figure, cast):
    call("2026-10-20 10:00")
    call("2026-10-20 11:00", note="", result="agreed")
    assert figure("conversations", cast.manager).value == 2


def test_a_call_by_hand_with_neither_note_nor_result_does_not_count(call, figure, reasons, cast):
    call("2026-10-20 10:00", note="  ")
    assert figure("conversations", cast.manager).value == 0
    assert reasons("conversations", cast.manager) == [("excluded", "no_note")]


@pytest.mark.parametrize("result", ["no_answer", "busy", "wrong_number", "not_held"])
def test_a_call_in_which_nobody_was_reached_is_no_conversation(call, reasons, cast, result):
    call("2026-10-20 10:00", result=result)
    assert reasons("conversations", cast.manager) == [("excluded", "not_reached")]


@pytest.mark.parametrize(("seconds", "reason"), [(30, ""), (29, "too_short"), (None, "too_short")])
def test_a_captured_call_needs_thirty_seconds_and_no_note(call, reasons, cast, seconds, reason):
    call("2026-10-20 10:00", note="", source="telephony", seconds=seconds)
    assert reasons("conversations", cast.manager) == [("excluded" if reason else "counted", reason)]


def test_of_calls_with_one_contact_at_0_6_and_12_minutes_two_count(call, figure, reasons, cast):
    contact = make_contact(cast.manager)
    for minute in ("00", "06", "12"):
        call(f"2026-10-20 10:{minute}", contact=contact)
    assert figure("conversations", cast.manager).value == 2
    assert reasons("conversations", cast.manager) == [("counted", ""), ("excluded", "repeat"), ("counted", "")]


def test_exactly_ten_minutes_later_is_another_conversation(call, figure, cast):
    contact = make_contact(cast.manager)
    call("2026-10-20 10:00:00", contact=contact)
    call("2026-10-20 10:09:59", contact=contact)
    call("2026-10-20 10:10:00", contact=contact)
    assert figure("conversations", cast.manager).value == 2


def test_a_chain_of_calls_every_four_minutes_counts_every_twelve(call, figure, cast):
    contact = make_contact(cast.manager)
    for minute in range(0, 60, 4):
        call(f"2026-10-20 10:{minute:02}", contact=contact)
    assert figure("conversations", cast.manager).value == 5


def test_calls_with_different_contacts_all_count(call, figure, cast):
    for name in ("Ada", "Bea", "Cid"):
        call("2026-10-20 10:00", contact=make_contact(cast.manager, name))
    assert figure("conversations", cast.manager).value == 3


def test_without_a_contact_the_company_tells_calls_apart_and_without_both_each_counts(call, figure, cast):
    company = make_company(cast.manager)
    call("2026-10-20 10:00", company=company)
    call("2026-10-20 10:05", company=company)
    call("2026-10-20 10:06")
    call("2026-10-20 10:07")
    assert figure("conversations", cast.manager).value == 3


def test_a_repeat_of_a_call_that_does_not_count_counts(call, figure, cast):
    contact = make_contact(cast.manager)
    call("2026-10-20 10:00", contact=contact, result="busy")
    call("2026-10-20 10:05", contact=contact)
    assert figure("conversations", cast.manager).value == 1


def test_two_peoples_calls_with_one_contact_both_count(call, figure, cast):
    contact = make_contact(cast.manager)
    call("2026-10-20 10:00", contact=contact)
    call("2026-10-20 10:05", contact=contact, who=cast.teammate)
    assert figure("conversations", cast.manager).value == figure("conversations", cast.teammate).value == 1


def test_a_call_belongs_to_the_window_in_which_it_ended(call, figure, cast):
    call("2026-10-19 18:00:00")
    call("2026-10-19 18:00:01")
    call("2026-10-20 18:00:00")
    call("2026-10-20 18:00:01")
    assert [figure("conversations", cast.manager, day).value for day in ("2026-10-19", "2026-10-20", "2026-10-21")] == [
        1,
        2,
        1,
    ]


def test_a_call_on_saturday_counts_on_monday(call, figure, cast):
    call("2026-10-17 12:00")
    assert figure("conversations", cast.manager, "2026-10-19").value == 1


@pytest.mark.parametrize(("saved", "counts"), [("18:13:00", 1), ("18:13:00.000001", 0)])
def test_by_hand_a_call_may_be_saved_until_fifteen_minutes_after_its_end(call, figure, reasons, cast, saved, counts):
    call("2026-10-20 17:58", saved=f"2026-10-20 {saved}")
    assert figure("conversations", cast.manager).value == counts
    assert reasons("conversations", cast.manager) == ([("counted", "")] if counts else [("excluded", "late")])


@pytest.mark.parametrize(("saved", "counts"), [("18:00:00", 1), ("18:00:00.000001", 0)])
def test_by_hand_an_earlier_call_must_be_saved_by_the_cut_off(call, figure, cast, saved, counts):
    call("2026-10-20 15:00", saved=f"2026-10-20 {saved}")
    assert figure("conversations", cast.manager).value == counts


@pytest.mark.parametrize(("saved", "counts"), [("18:30:00", 1), ("18:30:00.000001", 0)])
def test_a_captured_call_may_arrive_until_the_horizon(call, figure, reasons, cast, saved, counts):
    call("2026-10-20 17:30", saved=f"2026-10-20 {saved}", source="telephony", seconds=95)
    assert figure("conversations", cast.manager).value == counts
    assert len(reasons("conversations", cast.manager)) == counts, "what came after the horizon is not there at all"


def test_an_imported_call_never_counts(call, reasons, cast):
    call("2026-10-20 10:00", source="import")
    assert reasons("conversations", cast.manager) == []


def test_a_note_added_after_the_cut_off_is_too_late(call, clock, figure, cast):
    made = call("2026-10-20 10:00", note="")
    clock.set("2026-10-20 18:00:00.000001")
    Activity.objects.filter(pk=made.pk).update(note="Now I remember.")
    assert figure("conversations", cast.manager).value == 0


def test_a_call_emptied_or_deleted_after_the_cut_off_still_counts(call, clock, figure, cast):
    made = call("2026-10-20 10:00")
    gone = call("2026-10-20 11:00")
    lost = call("2026-10-20 12:00")
    clock.set("2026-10-21 09:00")
    Activity.objects.filter(pk=made.pk).update(note="")
    Activity.objects.filter(pk=gone.pk).update(deleted_at=clock.now)
    Activity.objects.filter(pk=lost.pk).delete()
    assert figure("conversations", cast.manager).value == 3


def test_a_call_deleted_before_the_cut_off_does_not_count(call, clock, reasons, cast):
    made = call("2026-10-20 10:00")
    clock.set("2026-10-20 17:59")
    Activity.objects.filter(pk=made.pk).update(deleted_at=clock.now)
    assert reasons("conversations", cast.manager) == [("excluded", "deleted")]


# --- across the cut-off ---


@pytest.fixture
def days(reasons, cast):
    """What became of the calls of 20 and of 21 October."""
    return lambda: [reasons("conversations", cast.manager, f"2026-10-{day}") for day in (20, 21)]


COUNTED, REPEAT = ("counted", ""), ("excluded", "repeat")


def test_calls_on_either_side_of_the_cut_off_are_one_conversation_of_the_earlier_day(call, days, cast):
    contact = make_contact(cast.manager)
    call("2026-10-20 17:59", contact=contact)
    call("2026-10-20 18:01", contact=contact)
    assert days() == [[COUNTED], [REPEAT]]


@pytest.mark.parametrize(("second", "becomes"), [("18:08:59", REPEAT), ("18:09:00", COUNTED)])
def test_ten_minutes_later_is_another_conversation_of_the_later_day(call, days, cast, second, becomes):
    contact = make_contact(cast.manager)
    call("2026-10-20 17:59:00", contact=contact)
    call(f"2026-10-20 {second}", contact=contact)
    assert days() == [[COUNTED], [becomes]]


def test_a_chain_goes_on_over_the_cut_off_as_it_would_within_a_day(call, days, cast):
    contact = make_contact(cast.manager)
    for minute in ("17:50", "17:56", "18:02", "18:08"):
        call(f"2026-10-20 {minute}", contact=contact)
    assert days() == [[COUNTED, REPEAT], [COUNTED, REPEAT]]


@pytest.mark.parametrize(
    "first", [{"result": "no_answer"}, {"note": ""}, {"saved": "2026-10-20 19:00"}, {"contact": None}]
)
def test_what_did_not_count_before_the_cut_off_makes_no_repeat_after_it(call, days, cast, first):
    contact = make_contact(cast.manager)
    call("2026-10-20 17:40", **{"contact": contact, **first})
    call("2026-10-20 18:01", contact=contact)
    assert days()[1] == [COUNTED]


def test_a_captured_call_before_the_cut_off_may_come_in_until_the_horizon(call, days, cast):
    contact = make_contact(cast.manager)
    call("2026-10-20 17:58", saved="2026-10-20 18:30", contact=contact, source="telephony", seconds=60)
    call("2026-10-20 18:01", contact=contact)
    assert days() == [[COUNTED], [REPEAT]]


def test_one_deleted_by_the_cut_off_makes_no_repeat_and_later_it_still_does(call, days, clock, cast):
    contacts = [make_contact(cast.manager, name) for name in ("A", "B")]
    early, late = (call("2026-10-20 17:55", contact=contact) for contact in contacts)
    for one, at in ((early, "2026-10-20 17:56"), (late, "2026-10-20 18:20")):
        clock.set(at)
        Activity.objects.filter(pk=one.pk).update(deleted_at=clock.now)
    for contact in contacts:
        call("2026-10-20 18:01", contact=contact)
    assert days() == [[("excluded", "deleted"), COUNTED], [COUNTED, REPEAT]]


def test_with_another_person_before_the_cut_off_it_is_no_repeat(call, days, cast):
    contact = make_contact(cast.manager)
    call("2026-10-20 17:59", contact=contact, who=cast.teammate)
    call("2026-10-20 18:01", contact=contact)
    assert days()[1] == [COUNTED]


def test_before_ones_first_day_there_was_no_day_to_count_in(scored, cast, call, reasons):
    contact = make_contact(cast.manager)
    newcomer = make_user("New", team=cast.team)
    scheme = Scheme.objects.get()
    make_assignment(newcomer, cast.team, scheme, cast.admin, on=date(2026, 10, 20))
    call("2026-10-19 23:58", contact=contact, who=newcomer)
    call("2026-10-20 00:02", contact=contact, who=newcomer)
    assert reasons("conversations", newcomer) == [COUNTED]


def test_captured_calls_that_come_later_count_for_who_looks_back(call, scored, cast):
    call("2026-10-20 17:00", saved="2026-10-21 09:00", note="", source="telephony", seconds=60)
    window = window_of(cast.manager, "2026-10-20")
    later = replace(window, captured_until=window.cut_off + timedelta(days=2))
    found = measure([METRICS["conversations"]], [window, later])["conversations"]
    assert [one.value for one in found] == [0, 1]
