"""The quality of somebody's companies, on average and at the cut-off."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.models import Company, Task
from tests.factories.crm import make_activity, make_company, make_task

pytestmark = pytest.mark.django_db
FULL = {"completeness": 1, "validity": 1}


@pytest.fixture
def contacted(clock, cast):
    """A company of full card that was talked to some days before the cut-off of 20 October."""

    def make(days: int = 0, **fields) -> Company:
        cut_off = clock.set("2026-10-20 18:00")
        clock.set("2026-01-05 08:00")
        company = make_company(cast.manager, **{**FULL, **fields})
        clock.now = cut_off - timedelta(days=days)
        clock.set(clock.now.isoformat())
        make_activity(cast.manager, clock.now + timedelta(minutes=5), company=company)
        clock.set("2026-10-20 10:00")
        return company

    return make


@pytest.mark.parametrize(("days", "quality"), [(0, 90), (90, 90), (91, "89.95"), (200, 84), (275, "79.91")])
def test_freshness_is_whole_for_ninety_days_and_falls_evenly_from_then_on(contacted, asked, cast, days, quality):
    contacted(days)
    assert asked("base_quality", cast.manager).value.quantize(Decimal("0.01")) == Decimal(quality)


def test_each_part_has_its_weight(contacted, asked, clock, cast):
    company = contacted(completeness=Decimal("0.5"), validity=Decimal("0.2"))
    make_task(cast.manager, clock.now, company=company)
    assert asked("base_quality", cast.manager).value == Decimal("17.5") + 5 + 15 + 15 + 10


def test_a_company_that_was_there_before_is_not_unique(clock, cast, asked):
    make_company(cast.teammate, tax_key="PL1", **FULL)
    clock.set("2026-10-20 11:00")
    make_company(cast.manager, tax_key="PL1", **FULL)
    assert asked("base_quality", cast.manager).value == 60
    assert asked("base_quality", cast.teammate).value == 75


def test_it_is_the_average_of_the_companies_kept_at_the_cut_off(clock, cast, asked):
    make_company(cast.manager, "Full", **FULL)
    make_company(cast.manager, "Bare")
    given, gone = make_company(cast.manager, "Given"), make_company(cast.manager, "Gone")
    clock.set("2026-10-20 17:00")
    Company.objects.filter(pk=given.pk).update(owner=cast.teammate)
    Company.objects.filter(pk=gone.pk).update(deleted_at=clock.now)
    assert asked("base_quality", cast.manager)[:2] == (45, 2)
    assert asked("base_quality", cast.teammate)[:2] == (15, 1)


def test_what_changes_after_the_cut_off_leaves_the_day_as_it_was(contacted, asked, clock, cast):
    company = contacted()
    make_task(cast.manager, clock.now, company=company)
    clock.set("2026-10-20 18:00:01")
    Company.objects.filter(pk=company.pk).update(completeness=0, owner=cast.teammate)
    Task.objects.update(status="done")
    assert asked("base_quality", cast.manager).value == 100
    assert asked("base_quality", cast.teammate, "2026-10-21").value == 55


def test_touching_fields_is_no_contact(contacted, asked, clock, cast):
    company = contacted(300)
    Company.objects.filter(pk=company.pk).update(city="Gdynia")
    assert asked("base_quality", cast.manager).value < 80


def test_without_companies_there_is_nothing_to_judge(asked, cast):
    assert asked("base_quality", cast.manager)[:2] == (0, 0)
