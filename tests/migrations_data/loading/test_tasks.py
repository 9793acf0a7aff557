"""Tasks of an old system: found their clients, done on their day, and nobody late at once for what an import brought."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Company, Contact, Deal, Task
from discipline.models import Scorecard, Snapshot
from discipline.services import planner
from tests.factories.discipline import make_scored
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, sheet_of

pytestmark = pytest.mark.django_db
HEAD = "task_id,task,account,contact,deal,assigned to,due date,type,status,notes\n"


def table(*rows):
    return {"tasks.csv": HEAD + "\n".join(rows) + "\n"}


def test_open_and_done_tasks_come_in_with_their_clients(clock, cast):
    clock.set("2026-10-19 10:00")
    tables.run(
        cast.admin, clock.now,
        table(
            "T1,Call back,Birch,Jan Kos,,Anna Manager,2026-11-02 14:30,telefon,open,ask for the offer",
            "T2,Send papers,Birch,,,Tomasz Teammate,2025-03-05,e-mail,wykonane,",
            "T3,Forget it,,,,Anna Manager,2025-03-05,,отменена,",
        ),
    )  # fmt: skip
    call, papers, forgotten = Task.objects.order_by("external_id")
    birch, jan = Company.objects.get(name="Birch"), Contact.objects.get(name="Jan Kos")
    assert (call.kind, call.owner, call.company, call.contact) == ("call", cast.manager, birch, jan)
    assert (call.due_at, call.due_has_time) == (datetime(2026, 11, 2, 13, 30, tzinfo=UTC), True)
    assert (call.source, call.note, call.status) == ("import", "ask for the offer", "open")
    assert (papers.kind, papers.status, papers.due_has_time) == ("email", "done", False)
    assert papers.done_at == papers.due_at == datetime(2025, 3, 5, 23, 0, tzinfo=UTC)
    assert forgotten.status == "dropped"
    assert (jan.company, jan.owner) == (birch, cast.manager)


def test_a_task_whose_date_had_passed_is_due_on_the_next_working_day(clock, cast):
    clock.set("2026-10-16 10:00")  # a Friday
    done = tables.run(
        cast.admin,
        clock.now,
        table("T1,Old one,Birch,,,Anna Manager,2025-03-05,,open,why", "T2,No date,,,,Anna Manager,,,,"),
    )
    old, undated = Task.objects.order_by("external_id")
    assert old.due_at == undated.due_at == datetime(2026, 10, 19, 22, 0, tzinfo=UTC)
    assert old.note == "why\nDue in the old table: 2025-03-05"
    assert old.pushes == 0
    told = tables.findings(sheet_of(done, "tasks"))
    assert (told["due_moved", ""], told["due_missing", ""]) == (1, 1)


def test_old_tasks_cost_nobody_points_on_the_day_of_the_import(clock, cast):
    clock.set("2026-10-19 09:00")
    make_scored(cast)
    tables.run(
        cast.admin, clock.now,
        table(*(f"T{n},Old {n},Birch,,,Anna Manager,2025-03-0{n},,open," for n in range(1, 6)), "T9,Done,,,,Anna Manager,2026-10-19,,done,"),
    )  # fmt: skip
    for day in ("2026-10-19 19:00", "2026-10-20 19:00"):
        clock.set(day)
        planner.run(now=clock.now)
    overdue = Snapshot.objects.filter(metric="overdue_tasks", user=cast.manager, day__gte="2026-10-19")
    assert [one.value for one in overdue] == [0, 0]
    clock.set("2026-10-21 19:00")
    planner.run(now=clock.now)
    assert Snapshot.objects.get(metric="overdue_tasks", user=cast.manager, day="2026-10-21").value == 5
    assert Scorecard.objects.filter(user=cast.manager, day="2026-10-21").exists()


def test_the_same_tasks_again_change_nothing_and_newer_ones_what_is_new(clock, cast):
    clock.set("2026-10-19 10:00")
    first = "T1,Call back,Birch,,,Anna Manager,2026-11-02,telefon,open,"
    tables.run(cast.admin, clock.now, table(first, "T2,Old,Birch,,,Anna Manager,2025-01-02,,open,"))
    again = tables.run(cast.admin, clock.now, table(first, "T2,Old,Birch,,,Anna Manager,2025-01-02,,open,"))
    assert counts(again)["tasks"] == (2, 0, 0, 2, 0)
    newer = tables.run(
        cast.admin, clock.now, table("T1,Call back,Birch,,,Tomasz Teammate,2026-11-05,telefon,done,finished")
    )
    assert counts(newer)["tasks"] == (1, 0, 1, 0, 0)
    task = Task.objects.get(external_id="task:T1")
    assert (task.owner, task.status, task.note) == (cast.teammate, "done", "finished")
    assert task.done_at == task.changed_at


def test_a_deal_is_found_by_key_or_title_and_an_unknown_one_refuses_the_row(clock, cast):
    deals = "deal_id,title,account,owner,stage,amount\nD1,Big one,Birch,Anna Manager,New,5\n"
    done = tables.run(
        cast.admin, clock.now,
        {"deals.csv": deals} | table(
            "T1,By key,,,D1,Anna Manager,2099-01-01,,,",
            "T2,By title,Birch,,Big one,Anna Manager,2099-01-02,,,",
            "T3,Lost,Birch,,Other one,Anna Manager,2099-01-02,,,",
        ),
    )  # fmt: skip
    deal = Deal.objects.get()
    assert set(Task.objects.values_list("title", "deal", "company")) == {
        ("By key", deal.pk, deal.company_id),
        ("By title", deal.pk, deal.company_id),
    }
    deal.refresh_from_db()
    assert deal.next_task_due is not None
    assert counts(done)["tasks"] == (3, 2, 0, 0, 1)
    assert sheet_of(done, "tasks").rows.get(outcome="rejected").code == "deal_unknown"


def test_many_tasks_cost_as_many_statements_as_one(clock, cast):
    def spent(rows):
        with CaptureQueriesContext(connection) as captured:
            tables.run(cast.admin, clock.now, table(*rows))
        return len(captured)

    spent(["A0,Warm up,Firm,,,Anna Manager,2099-01-01,,,"])
    one = spent(["B1,Do it,Firm B,Per B,,Anna Manager,2099-01-01,,,"])
    many = spent([f"C{n},Do {n},Firm C{n},Per C{n},,Anna Manager,2099-01-01,,," for n in range(40)])
    assert many <= one + 2, (one, many)
