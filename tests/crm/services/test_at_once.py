"""Two people at the same moment: real connections, real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.models import Activity, Company, CompanySettings, MassAssignment, NextStep, Source, Task
from crm.services import activities, companies, mass_assignments, tasks
from tests.factories.crm import make_company, make_deal, make_segment, make_task
from tests.factories.people import make_cast


@pytest.fixture
def cast_for_real(real_commits):
    return make_cast()


def together(*verbs: Callable[[], object]) -> list[object]:
    """Run the verbs on connections of their own, started at once; what each returned or raised."""
    start = Barrier(len(verbs))

    def run(verb):
        try:
            start.wait(timeout=10)
            return verb()
        except Exception as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


@pytest.mark.parametrize("attempt", range(5))
def test_two_last_tasks_cannot_both_be_finished_without_a_next_step(cast_for_real, attempt):
    CompanySettings.objects.create(pk=1, next_step=NextStep.MUST)
    by, now = cast_for_real.manager, timezone.now()
    deal = make_deal(by)
    for title in ("one", "two"):
        make_task(by, now, title, deal=deal)

    def finish(title):
        return lambda: tasks.done(task=Task.objects.get(title=title), by=by, at=now)

    outcomes = together(finish("one"), finish("two"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NextStepMissing", "Task"]
    assert Task.objects.open().count() == 1


def test_one_event_delivered_twice_at_once_is_entered_once(cast_for_real):
    by, now = cast_for_real.manager, timezone.now()

    def log():
        return activities.log(
            by=by, at=now, kind="call", occurred_at=now, source=Source.TELEPHONY, external_id="call-7"
        )

    def log_many(key="call-8"):
        entry = {"kind": "call", "occurred_at": now, "source": Source.TELEPHONY, "external_id": key}
        return activities.log_many(by=by, at=now, entries=[entry])[0]

    first, second = together(log, log)
    assert first == second
    assert len(set(together(log_many, log_many))) == 1
    assert Activity.objects.count() == 2
    Activity.objects.all().delete()
    one, other = together(log, lambda: log_many("call-7"))
    assert one == other


def test_a_company_edited_by_two_from_the_same_form_keeps_the_first(cast_for_real):
    by, now = cast_for_real.manager, timezone.now()
    company = companies.add(by=by, at=now, name="Acme")

    def edit(city):
        return lambda: companies.edit(
            company=Company.objects.get(), by=by, at=now, seen_at=company.changed_at, city=city
        )

    outcomes = together(edit("Kraków"), edit("Gdańsk"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Company", "StaleRecord"]


def test_whoever_edits_a_company_keeps_nobody_from_logging_a_call_there(cast_for_real):
    by, now = cast_for_real.manager, timezone.now()
    company = companies.add(by=by, at=now, name="Acme")

    def log():
        try:
            return activities.log(by=by, at=now, kind="call", occurred_at=now, company=Company.objects.get(), note="Hi")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        companies.edit(company=company, by=by, at=now, name="Acme Ltd")
        assert pool.submit(log).result(timeout=10).company == company


def test_tasks_of_a_segment_that_are_sent_twice_at_once_are_given_once(cast_for_real):
    by, now = cast_for_real.head, timezone.now()
    make_company(cast_for_real.manager)
    segment = make_segment(by, [{"key": "bare"}])
    due = now.date() + timedelta(days=7)

    def give():
        return mass_assignments.give(segment=segment, title="Ask", due=due, by=by, at=now, key="one-form")

    first, second = together(give, give)
    assert first == second
    assert (MassAssignment.objects.count(), Task.objects.count()) == (1, 1)
