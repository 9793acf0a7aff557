"""The history of an old system comes in under the names of those who made it, and scores for nobody."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Activity, Contact
from discipline.models import Snapshot
from discipline.services import planner
from tests.factories.discipline import make_scored
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, sheet_of

pytestmark = pytest.mark.django_db
HEAD = "activity_id,date,activity type,account,contact,sales rep,result,notes\n"


def table(*rows):
    return {"activities.csv": HEAD + "\n".join(rows) + "\n"}


def rejected(made):
    return dict(sheet_of(made, "activities").rows.filter(outcome="rejected").values_list("code", "detail"))


def test_history_keeps_who_when_and_what(clock, cast):
    clock.set("2026-10-19 10:00")
    tables.run(
        cast.admin, clock.now,
        table(
            "1,2025-03-05 14:30,Call,Birch,Jan Kos,Anna Manager,не дозвонился,tried twice",
            "2,2025-03-06,Spotkanie,Birch,,Gone Away,great mood,lunch",
        ),
    )  # fmt: skip
    call, meeting = Activity.objects.order_by("external_id")
    assert (call.kind, call.performed_by, call.result, call.note) == ("call", cast.manager, "no_answer", "tried twice")
    assert call.occurred_at == datetime(2025, 3, 5, 13, 30, tzinfo=UTC)
    assert (call.contact, call.company.name, call.source) == (Contact.objects.get(), "Birch", "import")
    assert meeting.recorded_at >= clock.now
    assert (meeting.kind, meeting.performed_by.full_name, meeting.performed_by.is_active) == (
        "meeting",
        "Gone Away",
        False,
    )
    assert (meeting.result, meeting.note) == ("", "lunch\nresult: great mood")


def test_what_lies_ahead_is_refused_with_what_to_do(clock, cast):
    clock.set("2026-10-19 10:00")
    done = tables.run(
        cast.admin,
        clock.now,
        table("1,2026-10-20,Call,Birch,,Anna Manager,,x", "2,2026-10-19,Call,Birch,,Anna Manager,,y"),
    )
    assert rejected(done) == {"in_the_future": "2026-10-20"}
    assert Activity.objects.get().occurred_at == clock.now


def test_imported_history_scores_for_nobody(clock, cast):
    clock.set("2026-10-19 09:00")
    make_scored(cast)
    rows = [f"{n},2026-10-19 08:{n:02},Call,Firm {n},,Anna Manager,Reached,talked" for n in range(15)]
    tables.run(cast.admin, clock.now, table(*rows))
    clock.set("2026-10-19 19:00")
    planner.run(now=clock.now)
    counted = Snapshot.objects.filter(
        metric__in=["conversations", "companies_added"], user=cast.manager, day="2026-10-19"
    )
    assert [one.value for one in counted] == [0, 0]


def test_again_nothing_changes_and_who_did_it_stays(clock, cast):
    row = "1,2025-03-05,Call,Birch,,Anna Manager,,talked"
    tables.run(cast.admin, clock.now, table(row))
    again = tables.run(cast.admin, clock.now, table(row))
    assert counts(again)["activities"] == (1, 0, 0, 1, 0)
    newer = tables.run(cast.admin, clock.now, table("1,2025-03-05,Call,Birch,,Anna Manager,Agreed,talked long"))
    assert counts(newer)["activities"] == (1, 0, 1, 0, 0)
    assert (Activity.objects.get().result, Activity.objects.get().note) == ("agreed", "talked long")
    other = tables.run(cast.admin, clock.now, table("1,2025-03-05,Call,Birch,,Tomasz Teammate,Agreed,talked long"))
    assert rejected(other) == {"activity_fixed": "Tomasz Teammate"}


def test_many_activities_cost_as_many_statements_as_one(clock, cast):
    def spent(rows):
        with CaptureQueriesContext(connection) as captured:
            tables.run(cast.admin, clock.now, table(*rows))
        return len(captured)

    spent(["a0,2025-03-05,Call,Firm,,Anna Manager,,x"])
    one = spent(["b1,2025-03-05,Call,Firm B,Per B,Anna Manager,,x"])
    many = spent([f"c{n},2025-03-05,Call,Firm C{n},Per C{n},Anna Manager,,x" for n in range(40)])
    assert many <= one + 2, (one, many)
