"""An import and its undo leave the night's scoring alone: closed days stay as they were, and can still be explained."""

from datetime import date

import pytest

from crm.models import Activity, Task
from discipline.models import LedgerEntry, Scorecard, Snapshot
from discipline.services import days, verification
from migrations_data.models import Status
from migrations_data.services import undo, work
from tests.factories.crm import make_activity
from tests.factories.discipline import make_scored
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 10, 19), date(2026, 10, 20)
FILES = {
    "activities.csv": "activity_id,date,activity type,account,sales rep,result,notes\n"
    "1,2026-10-19 10:30,Call,Birch,Anna Manager,reached,\n2,2026-10-20 08:30,Call,Birch,Anna Manager,reached,\n",
    "tasks.csv": "task_id,task,account,assigned to,due date,status\n1,Call back,Birch,Anna Manager,2026-10-16,open\n"
    "2,Offer,Birch,Anna Manager,2026-10-16,done\n",
    "deals.csv": "opportunity_id,sales_agent,title,account,deal_stage,engage_date,close_date,close_value\n"
    "D1,Anna Manager,Pumps,Birch,Won,2026-10-01,2026-10-19,900\n",
}


def told():
    """Everything that scoring has said so far."""
    return (
        list(Scorecard.objects.order_by("pk").values("pk", "points", "posted", "user", "day")),
        list(Snapshot.objects.order_by("pk").values("pk", "metric", "value", "user", "day")),
        list(LedgerEntry.objects.order_by("pk").values("pk", "hash")),
    )


def undone(made, cast, clock):
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    return work.carry_on(import_id=made.pk, at=clock.now)


def values(day, user):
    return dict(Snapshot.objects.filter(day=day, user=user).values_list("metric", "value"))


def test_days_before_and_of_the_import_know_nothing_of_its_history(clock, cast):
    make_scored(cast)
    clock.set("2026-10-20 10:00")
    made = tables.run(cast.admin, clock.now, FILES)
    assert made.status == Status.DONE, made.error
    assert (Activity.objects.count(), Task.objects.count()) == (2, 2)
    clock.set("2026-10-20 19:00")
    days.close(team=cast.team, day=MONDAY, at=clock.now)
    days.close(team=cast.team, day=TUESDAY, at=clock.now)
    for day in (MONDAY, TUESDAY):
        found = values(day, cast.manager)
        assert not any(found[name] for name in ("conversations", "deals_won", "companies_added", "meetings_held")), (
            found
        )
    assert values(MONDAY, cast.manager)["overdue_tasks"] == 0


def test_an_undo_after_the_day_was_closed_changes_no_card_and_every_card_can_still_be_computed(clock, cast):
    make_scored(cast)
    clock.set("2026-10-20 10:00")
    make_activity(cast.manager, clock.now, result="reached")
    made = tables.run(cast.admin, clock.now, FILES)
    clock.set("2026-10-20 19:00")
    days.close(team=cast.team, day=TUESDAY, at=clock.now)
    before = told()
    assert before[0]
    clock.set("2026-10-21 09:00")
    assert undone(made, cast, clock).status == Status.UNDONE
    assert told() == before
    assert not Activity.objects.live().filter(source="import").exists()
    again = verification.run(now=clock.now, days_back=[TUESDAY])
    assert (again.cards, again.findings.count()) == (2, 0)
    clock.set("2026-10-21 19:00")
    days.close(team=cast.team, day=date(2026, 10, 21), at=clock.now)
    assert values(date(2026, 10, 21), cast.manager)["overdue_tasks"] == 0
