"""Each signal asks its question on the story that it is about, and stays silent on an honest one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from crm.models import Activity, CleanTransfer, Company, Deal, DealStatus, Source, Task
from discipline.models import Scheme, ScoreLine
from discipline.services import days
from discipline.signals import SIGNALS, Found, run
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.discipline import make_assignment
from tests.factories.people import Cast, make_user
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)
BY_KEY = {signal.key: signal for signal in SIGNALS}
Asked = Callable[..., list[Found]]


@pytest.fixture
def asked(scored: Scheme, clock: Clock, cast: Cast) -> Asked:
    """Close the days up to one and give what a signal found in them."""

    def close(key: str, until: date = TUESDAY) -> list[Found]:
        day = TUESDAY
        while day <= until:
            days.close(team=cast.team, day=day, at=clock.set(f"{day} 18:30"))
            day += timedelta(days=1)
        return run(BY_KEY[key], cast.team, TUESDAY, until)

    return close


def call(by: User, clock: Clock, ended: str, **facts: Any) -> Activity:
    """A call that ended at a wall time of Tuesday, entered five minutes later."""
    clock.set(f"2026-10-20 {ended}")
    facts.setdefault("note", "Talked.")
    return make_activity(by, clock.now + timedelta(minutes=5), **facts)


def move(task: Task, clock: Clock, at: str, due: datetime, **changes: Any) -> None:
    """Another due date or owner, at a moment."""
    clock.set(at)
    Task.objects.filter(pk=task.pk).update(due_at=due, **changes)


def close_deal(deal: Deal, clock: Clock, at: str, status: str) -> None:
    clock.set(at)
    Deal.objects.filter(pk=deal.pk).update(status=status)


def ids(found: Found) -> list[int]:
    return [row[1] for row in found.records]


def enter_late(cast: Cast, clock: Clock, many: int) -> list[int]:
    clock.set("2026-10-20 18:20")
    at = clock.now - timedelta(hours=3)
    return [make_activity(cast.manager, at + timedelta(minutes=n), note="Talked.").pk for n in range(many)]


def test_three_late_entries_are_asked_about_and_two_are_not(asked: Asked, clock: Clock, cast: Cast) -> None:
    late = enter_late(cast, clock, 3)
    (found,) = asked("late_entries")
    assert (found.user_id, ids(found)) == (cast.manager.pk, late)
    assert found.question == "3 records of 1 day were entered after the cut-off: what kept them from the day?"


def test_a_call_entered_right_after_its_late_end_is_not_late(asked: Asked, clock: Clock, cast: Cast) -> None:
    enter_late(cast, clock, 2)
    clock.set("2026-10-20 17:55")
    early = make_activity(cast.manager, clock.now, note="Talked.")
    assert early.recorded_at < clock.now + timedelta(minutes=1)
    assert asked("late_entries") == []


def test_three_calls_within_ten_minutes_with_one_contact_are_asked_about(
    asked: Asked, clock: Clock, cast: Cast
) -> None:
    nadia = make_contact(cast.manager)
    calls = [call(cast.manager, clock, at, contact=nadia).pk for at in ("10:00", "10:04", "10:08")]
    call(cast.manager, clock, "12:00", contact=nadia)
    (found,) = asked("split_calls")
    assert ids(found) == calls
    assert found.question.startswith("3 calls within ten minutes with one contact, only one counts")


def test_trying_again_and_calling_several_contacts_is_honest(asked: Asked, clock: Clock, cast: Cast) -> None:
    nadia = make_contact(cast.manager)
    for at in ("10:00", "10:03", "10:06"):
        call(cast.manager, clock, at, contact=nadia, result="no_answer")
        call(cast.manager, clock, at, contact=make_contact(cast.manager, f"Other {at}"))
    for at in ("11:00", "11:05", "11:10"):
        call(cast.manager, clock, at, contact=nadia)
    assert asked("split_calls") == []


@pytest.mark.parametrize(("times", "questions"), [(3, 1), (2, 0)])
def test_a_date_moved_three_times_is_asked_about(
    asked: Asked, clock: Clock, cast: Cast, times: int, questions: int
) -> None:
    task = make_task(cast.manager, clock.now + timedelta(hours=1))
    for number in range(times):
        move(task, clock, f"2026-10-20 1{number}:30", clock.now + timedelta(days=number + 1))
    found = asked("moved_dates")
    assert [ids(one) for one in found] == [[task.pk]] * questions


def test_an_earlier_date_is_no_move_away(asked: Asked, clock: Clock, cast: Cast) -> None:
    task = make_task(cast.manager, clock.now + timedelta(days=20))
    for number in range(4):
        move(task, clock, f"2026-10-20 1{number}:30", task.due_at - timedelta(days=number + 1))
    assert asked("moved_dates") == []


def test_calls_by_hand_beside_telephony_are_sampled(asked: Asked, clock: Clock, cast: Cast) -> None:
    call(cast.manager, clock, "09:30", source=Source.TELEPHONY, seconds=90, contact=make_contact(cast.manager))
    by_hand = {call(cast.manager, clock, f"1{n}:00", contact=make_contact(cast.manager, f"C {n}")).pk for n in range(5)}
    (found,) = asked("unmatched_calls")
    assert (found.numbers["n"], found.numbers["sample"]) == (5, 3)
    assert set(ids(found)) < by_hand


def test_calls_that_telephony_knows_and_people_without_telephony_are_not_asked(
    asked: Asked, clock: Clock, cast: Cast
) -> None:
    for number in range(4):
        contact = make_contact(cast.manager, f"C {number}")
        call(cast.manager, clock, f"1{number}:00", source=Source.TELEPHONY, seconds=90, contact=contact)
        call(cast.manager, clock, f"1{number}:08", contact=contact)
        call(cast.teammate, clock, f"1{number}:10", contact=make_contact(cast.teammate, f"T {number}"))
    assert asked("unmatched_calls") == []


def test_a_deal_closed_opened_and_closed_again_is_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    clock.set("2026-10-20 09:00")
    deal = make_deal(cast.manager)
    for at, status in (("10:00", "lost"), ("11:00", "open"), ("12:00", "won")):
        close_deal(deal, clock, f"2026-10-20 {at}", status)
    (found,) = asked("flips")
    assert ids(found) == [deal.pk]


def test_a_slip_taken_back_and_a_client_who_returned_are_honest(asked: Asked, clock: Clock, cast: Cast) -> None:
    clock.set("2026-10-20 09:00")
    slip, returned, given = (make_deal(cast.manager, title) for title in ("Slip", "Returned", "Given"))
    for at, status in (("10:00", DealStatus.LOST), ("10:02", DealStatus.OPEN), ("12:00", DealStatus.WON)):
        close_deal(slip, clock, f"2026-10-20 {at}", status)
    for at, status in (("10:00", DealStatus.LOST), ("15:00", DealStatus.OPEN)):
        close_deal(returned, clock, f"2026-10-20 {at}", status)
    Deal.objects.filter(pk=given.pk).update(owner=cast.teammate)
    close_deal(given, clock, "2026-10-20 16:00", DealStatus.WON)
    assert asked("flips") == []


def test_a_lapsed_task_given_away_before_the_cut_off_is_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    task = make_task(cast.manager, clock.now + timedelta(hours=1))
    move(task, clock, "2026-10-20 17:30", task.due_at, owner=cast.teammate)
    (found,) = asked("given_away")
    assert (found.user_id, ids(found)) == (cast.manager.pk, [task.pk])


def test_what_was_given_early_or_clean_or_is_not_due_is_not_asked(asked: Asked, clock: Clock, cast: Cast) -> None:
    tasks = [make_task(cast.manager, clock.now + timedelta(hours=1), f"Task {n}") for n in range(2)]
    later = make_task(cast.manager, clock.now + timedelta(days=3), "Later")
    move(tasks[0], clock, "2026-10-20 11:30", tasks[0].due_at, owner=cast.teammate)
    move(tasks[1], clock, "2026-10-20 17:30", tasks[1].due_at, owner=cast.teammate)
    CleanTransfer.objects.create(task=tasks[1], from_owner=cast.manager, to_owner=cast.teammate, given_by=cast.head)
    move(later, clock, "2026-10-20 17:40", later.due_at, owner=cast.teammate)
    assert asked("given_away") == []


def with_next_step(by: User, clock: Clock, title: str, days_ahead: int) -> Task:
    return make_task(by, clock.now + timedelta(days=days_ahead), deal=make_deal(by, title))


def test_next_steps_far_away_or_pushed_on_are_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    far = with_next_step(cast.manager, clock, "Far", 90)
    pushed = with_next_step(cast.manager, clock, "Pushed", 1)
    for number in (1, 2):
        move(pushed, clock, f"2026-10-20 1{number}:00", pushed.due_at + timedelta(days=8 * number))
    (found,) = asked("far_tasks")
    assert ids(found) == [far.pk, pushed.pk]


def test_near_steps_and_one_far_one_are_not_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    with_next_step(cast.manager, clock, "Far", 90)
    near = with_next_step(cast.manager, clock, "Near", 10)
    make_task(cast.manager, clock.now + timedelta(days=200), "Renewal", deal=near.deal)
    for number in (1, 2):
        move(near, clock, f"2026-10-20 1{number}:00", near.due_at + timedelta(days=number))
    assert asked("far_tasks") == []


def good_company(by: User, number: int) -> Company:
    """A company whose card is filled in, with somebody to talk to next."""
    filled = {
        "completeness": 1,
        "validity": 1,
        "domain": f"good{number}.example",
        "domain_key": f"good{number}.example",
    }
    return make_company(by, f"Good {number}", **filled)


def test_companies_that_do_not_count_are_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    empty = [make_company(cast.manager, f"Empty {n}").pk for n in range(3)]
    make_company(cast.teammate, "One poor card")
    (found,) = asked("junk_companies")
    assert (found.user_id, sorted(ids(found))) == (cast.manager.pk, empty)
    assert found.question == "3 of 3 new companies did not count: where do these addresses come from?"


def test_a_few_poor_cards_among_many_good_ones_are_not_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    for number in range(3):
        make_company(cast.manager, f"Empty {number}")
    for number in range(7):
        good_company(cast.manager, number)
    assert asked("junk_companies") == []
    line = ScoreLine.objects.get(card__user=cast.manager, metric="companies_added")
    assert (line.value, len(line.evidence)) == (7, 10)


def test_an_empty_funnel_beside_full_ones_is_asked_about(
    asked: Asked, scored: Scheme, clock: Clock, cast: Cast
) -> None:
    third = make_user("Wanda Third", team=cast.team)
    make_assignment(third, cast.team, scored, cast.admin, on=date(2026, 10, 19))
    for person in (cast.teammate, third):
        for number in range(4):
            with_next_step(person, clock, f"Deal {number} of {person.pk}", 2)
    gone = make_deal(cast.manager, "Given to nobody")
    close_deal(gone, clock, "2026-10-20 12:00", DealStatus.LOST)
    (found,) = asked("emptied_funnel", date(2026, 10, 22))
    assert (found.user_id, ids(found)) == (cast.manager.pk, [gone.pk])
    assert found.question.startswith("On 3 days there was no open deal, the team usually has 4 each")


def test_where_nobody_has_deals_an_empty_funnel_is_no_question(asked: Asked) -> None:
    assert asked("emptied_funnel", date(2026, 10, 22)) == []


def test_half_of_a_day_in_its_last_minutes_is_asked_about(asked: Asked, clock: Clock, cast: Cast) -> None:
    for at in ("09:00", "10:00", "11:00"):
        call(cast.manager, clock, at, contact=make_contact(cast.manager, f"C {at}"))
    last = [call(cast.manager, clock, f"17:5{n}").pk for n in range(4)]
    (found,) = asked("bursts")
    assert (found.numbers["n"], found.numbers["of"], ids(found)) == (4, 7, last)


def test_a_day_written_down_as_it_happens_and_a_short_one_are_not_asked(asked: Asked, clock: Clock, cast: Cast) -> None:
    for hour in range(9, 15):
        call(cast.manager, clock, f"{hour:02}:00")
    for minute in range(4):
        call(cast.manager, clock, f"17:5{minute}")
        call(cast.teammate, clock, f"17:5{minute}")
    assert asked("bursts") == []


def test_another_teams_people_are_never_found(asked: Asked, clock: Clock, cast: Cast) -> None:
    nadia = make_contact(cast.stranger)
    for at in ("10:00", "10:04", "10:08"):
        call(cast.stranger, clock, at, contact=nadia)
    days.close(team=cast.other_team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    assert asked("split_calls") == []
