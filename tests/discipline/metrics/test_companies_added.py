from datetime import timedelta
from decimal import Decimal

import pytest

from crm.models import Company
from tests.factories.crm import make_activity, make_company, make_task

pytestmark = pytest.mark.django_db

GOOD = {"completeness": 1, "validity": 1}


def quality(figure, user) -> float:
    return figure("companies_added", user).evidence[0][4]


def test_a_new_company_with_a_filled_card_counts(figure, cast):
    make_company(cast.manager, **GOOD)
    assert figure("companies_added", cast.manager).value == 1


def test_it_counts_for_whoever_entered_it_not_for_its_owner(figure, cast):
    Company.objects.create(name="Given", owner=cast.teammate, created_by=cast.manager, changed_by=cast.manager, **GOOD)
    assert (
        figure("companies_added", cast.manager).value,
        figure("companies_added", cast.teammate).value,
    ) == (1, 0)


def test_an_imported_company_never_counts(figure, cast):
    make_company(cast.manager, source="import", **GOOD)
    assert figure("companies_added", cast.manager).evidence == []


@pytest.mark.parametrize("key", ["tax_key", "domain_key", "phone_reversed"])
def test_a_company_that_was_there_before_is_not_new(clock, figure, reasons, cast, key):
    make_company(cast.stranger, "First", **GOOD, **{key: "123"})
    clock.set("2026-10-20 11:00")
    make_company(cast.manager, "Second", **GOOD, **{key: "123"})
    assert reasons("companies_added", cast.manager) == [("excluded", "not_unique")]
    assert figure("companies_added", cast.stranger).value == 1, "the first one stays new"


def test_empty_keys_are_no_twins(clock, figure, cast):
    make_company(cast.manager, "First", **GOOD)
    clock.set("2026-10-20 11:00")
    make_company(cast.manager, "Second", **GOOD)
    assert figure("companies_added", cast.manager).value == 2


def test_a_twin_deleted_by_the_cut_off_is_none(clock, figure, cast):
    first = make_company(cast.stranger, "First", **GOOD, tax_key="123")
    make_company(cast.manager, "Second", **GOOD, tax_key="123")
    clock.set("2026-10-20 12:00")
    Company.objects.filter(pk=first.pk).update(deleted_at=clock.now)
    assert figure("companies_added", cast.manager).value == 1


def test_a_twin_that_lost_its_number_later_still_was_one(clock, figure, cast):
    first = make_company(cast.stranger, "First", **GOOD, tax_key="123")
    clock.set("2026-10-20 11:00")
    make_company(cast.manager, "Second", **GOOD, tax_key="123")
    clock.set("2026-10-21 09:00")
    Company.objects.filter(pk=first.pk).update(tax_key="")
    assert figure("companies_added", cast.manager).value == 0


def test_a_company_deleted_by_the_cut_off_does_not_count_and_later_still_does(clock, figure, reasons, cast):
    early = make_company(cast.manager, "Early", **GOOD)
    late = make_company(cast.manager, "Late", **GOOD)
    clock.set("2026-10-20 18:00")
    Company.objects.filter(pk=early.pk).update(deleted_at=clock.now)
    clock.set("2026-10-20 18:00:01")
    Company.objects.filter(pk=late.pk).update(deleted_at=clock.now)
    assert sorted(reasons("companies_added", cast.manager)) == [("counted", ""), ("excluded", "deleted")]


def test_quality_is_35_completeness_25_validity_15_unique_15_fresh_10_next_step(clock, figure, cast):
    company = make_company(cast.manager, completeness=Decimal("0.5"), validity=Decimal("0.8"))
    assert quality(figure, cast.manager) == 17.5 + 20 + 15
    make_activity(cast.manager, clock.now, company=company, note="Hello")
    assert quality(figure, cast.manager) == 52.5 + 15
    make_task(cast.manager, clock.now + timedelta(days=3), company=company)
    assert quality(figure, cast.manager) == 52.5 + 15 + 10


@pytest.mark.parametrize(("completeness", "counts"), [("0.572", 1), ("0.571", 0)])
def test_sixty_is_enough(figure, reasons, cast, completeness, counts):
    """35 x 0.572 + 25 + 15 = 60.02; 35 x 0.571 + 25 + 15 = 59.985"""
    make_company(cast.manager, completeness=Decimal(completeness), validity=1)
    assert reasons("companies_added", cast.manager) == [("counted", "") if counts else ("excluded", "poor_card")]


@pytest.mark.parametrize(("days", "part"), [(90, 15.0), (228, 7.5), (365, 0.0), (700, 0.0)])
def test_freshness_falls_from_the_90th_to_the_365th_day(clock, figure, cast, days, part):
    company = make_company(cast.manager, **GOOD)
    cut_off = clock.now.replace(hour=18, minute=0)
    make_activity(cast.manager, cut_off - timedelta(days=days) + timedelta(minutes=5), company=company)
    assert quality(figure, cast.manager) == pytest.approx(75 + part, abs=0.05)


@pytest.mark.parametrize("fields", [{"kind": "note"}, {"result": "no_answer"}])
def test_what_reached_nobody_makes_nothing_fresh(clock, figure, cast, fields):
    company = make_company(cast.manager, **GOOD)
    make_activity(cast.manager, clock.now, company=company, **fields)
    assert quality(figure, cast.manager) == 75


def test_a_card_filled_in_after_the_cut_off_does_not_help(clock, figure, cast):
    company = make_company(cast.manager)
    clock.set("2026-10-20 18:00:01")
    Company.objects.filter(pk=company.pk).update(completeness=1, validity=1)
    assert figure("companies_added", cast.manager).value == 0
