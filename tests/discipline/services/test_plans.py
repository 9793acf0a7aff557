from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.refusals import NotAllowed
from discipline.metrics.parameters import BadParameter
from discipline.models import Plan
from discipline.services import plans

pytestmark = pytest.mark.django_db
MONTH = date(2026, 11, 1)


@pytest.fixture
def plan(scored, clock, cast):
    """Set a plan of the manager's as his head, but for what is said otherwise."""

    def write(**facts):
        asked = {"user": cast.manager, "metric": "sum_won", "month": MONTH, "target": Decimal(20000), "by": cast.head}
        return plans.set_plan(**{**asked, "at": clock.now, **facts})

    return write


def test_a_plan_is_for_a_whole_month_and_stamped_by_the_database(plan, clock, cast):
    made = plan(month=date(2026, 11, 17))
    assert (made.first, made.last, made.set_by) == (MONTH, date(2026, 11, 30), cast.head)
    assert made.recorded_at == clock.now


def test_a_new_target_is_added_and_the_last_one_holds(plan, clock, cast):
    plan()
    clock.set("2026-10-20 12:00")
    plan(target=Decimal(25000))
    plan(target=Decimal(25000))
    assert [one.target for one in Plan.objects.order_by("recorded_at")] == [20000, 25000]
    assert plans.in_force(Plan.objects.all())[cast.manager.pk, MONTH].target == 25000


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"target": Decimal(0)}, plans.BadTarget, "target"),
        ({"target": Decimal(-1)}, plans.BadTarget, "target"),
        ({"target": Decimal("NaN")}, plans.BadTarget, "target"),
        ({"target": Decimal("0.001")}, plans.BadTarget, "target"),
        ({"target": Decimal(10) ** 14}, plans.BadTarget, "target"),
        ({"metric": "overdue_tasks"}, plans.NotPlanned, "metric"),
        ({"metric": "steps_walked"}, plans.NotPlanned, "metric"),
        ({"month": date(2026, 9, 30)}, plans.MonthOver, "month"),
        ({"parameters": {"speed": 1}}, BadParameter, "speed"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_field(plan, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        plan(**facts)
    assert refused.value.field == field
    assert not Plan.objects.exists()


def test_nobody_plans_for_himself_or_for_people_he_does_not_lead(plan, cast):
    for facts in (
        {"user": cast.head},
        {"user": cast.stranger},
        {"by": cast.manager},
        {"by": cast.other_head},
        {"by": cast.owner},
    ):
        with pytest.raises(NotAllowed):
            plan(**facts)
    assert plan(user=cast.head, by=cast.admin).user == cast.head


def test_a_table_writes_only_what_is_different(plan, clock, cast):
    plan()
    targets = {(cast.manager.pk, MONTH): Decimal(20000), (cast.teammate.pk, MONTH): Decimal(12000)}
    assert plans.set_table(metric="sum_won", targets=targets, by=cast.head, at=clock.now) == 1
    assert plans.set_table(metric="sum_won", targets=targets, by=cast.head, at=clock.now) == 0
    assert Plan.objects.count() == 2


def test_a_table_with_somebody_elses_person_writes_nothing(plan, clock, cast):
    targets = {(cast.manager.pk, MONTH): Decimal(1), (cast.stranger.pk, MONTH): Decimal(1)}
    with pytest.raises(NotAllowed):
        plans.set_table(metric="sum_won", targets=targets, by=cast.head, at=clock.now + timedelta(minutes=1))
    assert not Plan.objects.exists()
