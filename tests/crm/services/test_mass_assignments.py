"""Tasks for a whole segment: each owner his own, once, and a reminder to who has some left."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusals import NotAllowed
from crm.models import MassAssignment, Task
from crm.services import mass_assignments, tasks
from crm.when import end_of_day
from notifications.models import Message
from tests.factories.crm import make_company, make_segment

pytestmark = pytest.mark.django_db
EVERYBODY = [{"key": "not_won", "period": "this_year"}]


@pytest.fixture
def segment(cast):
    return make_segment(cast.head, EVERYBODY)


def give(segment, cast, clock, **more):
    due = clock.now.date() + timedelta(days=7)
    return mass_assignments.give(segment=segment, title="Ask how it goes", due=due, by=cast.head, at=clock.now, **more)


def test_each_owner_gets_a_task_for_each_of_his_clients(segment, cast, clock):
    mine = [make_company(cast.manager, f"Mine {n}") for n in range(3)]
    make_company(cast.teammate, "His")
    make_company(cast.stranger, "Elsewhere")
    give(segment, cast, clock)
    given = Task.objects.filter(owner=cast.manager)
    assert {task.company_id for task in given} == {company.pk for company in mine}
    assert {task.due_at for task in given} == {end_of_day(clock.now.date() + timedelta(days=7), cast.manager.zone)}
    assert not any(task.due_has_time for task in given)
    assert Task.objects.filter(owner=cast.teammate).count() == 1
    assert not Task.objects.filter(owner=cast.stranger).exists()


def test_everybody_is_told_once_with_his_number(segment, cast, clock):
    for n in range(3):
        make_company(cast.manager, f"Mine {n}")
    make_company(cast.head, "The head's own")
    give(segment, cast, clock)
    told = Message.objects.get(kind="mass_assigned")
    assert (told.recipient, told.context["count"]) == (cast.manager, 3)


def test_the_same_key_gives_nothing_twice(segment, cast, clock):
    make_company(cast.manager)
    assert give(segment, cast, clock, key="k").pk == give(segment, cast, clock, key="k").pk
    assert (MassAssignment.objects.count(), Task.objects.count()) == (1, 1)


def test_statements_do_not_grow_with_the_clients(segment, cast, clock):
    make_company(cast.manager, "First")
    with CaptureQueriesContext(connection) as one:
        give(segment, cast, clock)
    for n in range(40):
        make_company(cast.manager, f"Client {n}")
    with CaptureQueriesContext(connection) as many:
        give(segment, cast, clock, key="second")
    assert len(many) <= len(one) + 1


def test_clients_of_who_left_are_counted_apart_and_get_nothing(segment, cast, clock):
    make_company(cast.manager, "Mine")
    make_company(cast.teammate, "Of one who left")
    cast.teammate.is_active = False
    cast.teammate.save()
    shares = mass_assignments.shares(segment=segment, by=cast.head, at=clock.now)
    assert [(share.owner, share.gets) for share in shares] == [(cast.manager, True), (cast.teammate, False)]
    give(segment, cast, clock)
    assert not Task.objects.filter(owner=cast.teammate).exists()


def test_a_segment_of_nobody_and_a_day_that_is_over_are_refused(segment, cast, clock):
    with pytest.raises(mass_assignments.NobodyThere):
        give(segment, cast, clock)
    make_company(cast.manager)
    with pytest.raises(mass_assignments.DueInThePast):
        mass_assignments.give(segment=segment, title="Call", due=date(2020, 1, 1), by=cast.head, at=clock.now)
    assert not MassAssignment.objects.exists()


def test_a_manager_gives_nobody_tasks_in_one_go(cast, clock):
    make_company(cast.manager)
    segment = make_segment(cast.manager, EVERYBODY)
    with pytest.raises(NotAllowed):
        mass_assignments.give(segment=segment, title="Call", due=date(2030, 1, 1), by=cast.manager, at=clock.now)


def test_only_who_has_some_left_is_reminded_and_not_twice_a_day(segment, cast, clock):
    make_company(cast.manager)
    make_company(cast.teammate)
    mass = give(segment, cast, clock)
    tasks.done(task=Task.objects.get(owner=cast.teammate), by=cast.teammate, at=clock.now)
    assert mass_assignments.remind(mass=mass, by=cast.head, at=clock.now) == 1
    assert [told.recipient for told in Message.objects.filter(kind="mass_reminded")] == [cast.manager]
    with pytest.raises(mass_assignments.JustReminded):
        mass_assignments.remind(mass=mass, by=cast.head, at=clock.now + timedelta(hours=19))
    assert mass_assignments.remind(mass=mass, by=cast.head, at=clock.now + timedelta(hours=21)) == 1


def test_nobody_is_late_at_once_because_his_day_ends_sooner(segment, cast, clock):
    make_company(cast.manager)
    cast.manager.zone = "Asia/Almaty"
    cast.manager.save(update_fields=["zone"])
    clock.set("2026-10-20 22:00")  # already the 21st in Almaty
    with pytest.raises(mass_assignments.DueInThePast):
        mass_assignments.give(segment=segment, title="Ask", due=date(2026, 10, 20), by=cast.head, at=clock.now)
    assert not Task.objects.exists()
