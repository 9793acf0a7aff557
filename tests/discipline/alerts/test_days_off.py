"""Who is off when."""

from datetime import time, timedelta

import pytest
from django.core import mail

from discipline import days_off
from discipline.models import CalendarDay, Leave
from notifications.services import messages, relay
from tests.factories.discipline import make_assignment
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def names_off(clock, *people):
    off = days_off.off(people, clock.now)
    return [person.full_name for person in people if person.pk in off]


def leave(person, since, until, **more):
    facts = {"kind": "vacation", "status": "approved", "asked_by": person, **more}
    return Leave.objects.create(user=person, from_at=since, until_at=until, **facts)


def test_scored_people_are_off_as_their_week_says(scored, cast, clock):
    person = make_user("Sunny", team=cast.team)
    make_assignment(person, cast.team, scored, cast.admin, workdays=[6, 7], shift_start=time(9), shift_end=time(18))
    assert names_off(clock, cast.manager, person) == ["Sunny"]
    clock.set("2026-10-24 12:00")
    assert names_off(clock, cast.manager, person, cast.owner) == ["Anna Manager", "Olga Owner"]


def test_a_holiday_of_the_teams_calendar_is_a_day_off(scored, cast, clock):
    CalendarDay.objects.create(day="2026-10-20", kind="holiday", approved_by=cast.admin)
    assert names_off(clock, cast.manager) == ["Anna Manager"]


def test_leave_is_off_just_as_long_as_it_lasts_also_for_who_is_not_scored(scored, cast, clock):
    for person in (cast.manager, cast.owner):
        leave(person, clock.now, clock.now + timedelta(hours=2))
    assert names_off(clock, cast.manager, cast.owner, cast.head) == ["Anna Manager", "Olga Owner"]
    clock.set("2026-10-20 12:00")
    assert names_off(clock, cast.manager, cast.owner) == []


def test_leave_that_was_only_asked_for_is_not(scored, cast, clock):
    leave(cast.manager, clock.now, clock.now + timedelta(hours=2), status="asked")
    assert names_off(clock, cast.manager) == []


def test_on_leave_a_letter_waits_until_he_is_back(scored, cast, clock):
    leave(cast.head, clock.now - timedelta(hours=1), clock.now + timedelta(days=2))
    messages.tell(recipient=cast.head, kind="cards_unreviewed", key="x", at=clock.now, context={"cards": 1, "days": []})
    for day in (20, 21, 22):
        assert relay.deliver_waiting(at=clock.set(f"2026-10-{day} 09:00")) == 0
    assert relay.deliver_waiting(at=clock.set("2026-10-23 09:00")) == 1
    assert mail.outbox[0].subject == "1 card waits for your review"


def test_it_takes_as_many_statements_for_one_as_for_all(scored, cast, clock, django_assert_num_queries):
    with django_assert_num_queries(8):
        days_off.off([cast.manager], clock.now)
    with django_assert_num_queries(8):
        days_off.off([cast.manager, cast.teammate, cast.stranger, cast.head, cast.owner], clock.now)
