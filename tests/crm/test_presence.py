"""What belonged to what is known for any past moment, and cannot be made to have been otherwise."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from crm.models import (
    CompanyTagPeriod,
    DealProduct,
    DealProductPeriod,
    File,
    FilePeriod,
    Pipeline,
    Product,
    ProductGroupPeriod,
    StagePeriod,
    Tag,
)
from tests.factories.crm import make_company, make_deal, make_stage

pytestmark = pytest.mark.django_db
PERIODS = [
    "crm_companytagperiod",
    "crm_dealproductperiod",
    "crm_productgroupperiod",
    "crm_stageperiod",
    "crm_fileperiod",
]


@pytest.fixture
def printer(clock):
    return Product.objects.create(name="Printer", group="Hardware")


def test_a_tag_was_on_a_company_while_it_was(clock, cast):
    company, tag = make_company(cast.manager), Tag.objects.create(name="School")
    before = clock.now
    added = clock.set("2026-10-20 11:00")
    company.tags.add(tag)
    gone = clock.set("2026-10-21 11:00")
    company.tags.clear()
    back = clock.set("2026-10-22 11:00")
    company.tags.set([tag])
    was = [CompanyTagPeriod.objects.at(t).filter(company=company, tag=tag).count() for t in (before, added, gone, back)]
    assert was == [0, 1, 0, 1]


def test_adding_and_removing_at_one_instant_leaves_nothing_broken(clock, cast):
    company, tag = make_company(cast.manager), Tag.objects.create(name="School")
    for _ in range(3):
        company.tags.add(tag)
        company.tags.remove(tag)
    company.tags.add(tag)
    later = clock.set("2026-10-21 11:00")
    assert CompanyTagPeriod.objects.at(later).count() == 1


def test_a_product_was_in_a_deal_and_of_its_group_as_of_then(clock, cast, printer):
    deal = make_deal(cast.manager)
    line = DealProduct.objects.create(deal=deal, product=printer)
    then = clock.now
    later = clock.set("2026-10-21 11:00")
    Product.objects.filter(pk=printer.pk).update(group="Machines")
    line.delete()
    assert DealProductPeriod.objects.at(then).filter(deal=deal, product=printer).exists()
    assert not DealProductPeriod.objects.at(later).filter(deal=deal).exists()
    groups = [ProductGroupPeriod.objects.at(t).get(product=printer).group for t in (then, later)]
    assert groups == ["Hardware", "Machines"]


def test_a_line_that_only_changes_its_price_keeps_its_stretch(clock, cast, printer):
    line = DealProduct.objects.create(deal=make_deal(cast.manager), product=printer)
    clock.set("2026-10-21 11:00")
    DealProduct.objects.filter(pk=line.pk).update(price_minor=500)
    assert DealProductPeriod.objects.count() == 1


def test_a_stage_that_moves_to_another_pipeline_was_in_the_first_before(clock, cast):
    stage = make_stage()
    first, then = stage.pipeline, clock.now
    later = clock.set("2026-10-21 11:00")
    stage.pipeline = Pipeline.objects.create(name="Renewals")
    stage.save()
    assert StagePeriod.objects.at(then).get(stage=stage).pipeline_id == first.pk
    assert StagePeriod.objects.at(later).get(stage=stage).pipeline_id == stage.pipeline_id


def test_a_file_is_stamped_by_the_database_and_its_removal_leaves_a_trace(clock, cast):
    deal = make_deal(cast.manager)
    file = File.objects.create(deal=deal, name="offer.pdf", size=3, sha256="0" * 64, uploaded_by=cast.manager)
    attached = clock.now
    File.objects.filter(pk=file.pk).update(uploaded_at="2026-01-01T00:00:00Z")
    removed = clock.set("2026-10-21 11:00")
    pk = file.pk
    file.delete()
    kept = FilePeriod.objects.get(file=pk)
    assert (kept.name, kept.deal_id, kept.uploaded_by_id) == ("offer.pdf", deal.pk, cast.manager.pk)
    assert (kept.from_at, kept.to_at) == (attached, removed)


@pytest.mark.parametrize("table", PERIODS)
@pytest.mark.parametrize(
    "sql", ["DELETE FROM {0}", "UPDATE {0} SET to_at = to_at", "TRUNCATE {0}", "INSERT INTO {0} SELECT * FROM {0}"]
)
def test_nobody_writes_a_trace_by_hand(clock, cast, printer, table, sql):
    deal, company = make_deal(cast.manager), make_company(cast.manager)
    company.tags.add(Tag.objects.create(name="School"))
    DealProduct.objects.create(deal=deal, product=printer)
    File.objects.create(deal=deal, name="a.pdf", size=1, sha256="0" * 64, uploaded_by=cast.manager)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


@pytest.mark.parametrize("table", ["crm_company_tags", "crm_dealproduct", "crm_file"])
def test_a_table_that_leaves_a_trace_is_not_emptied_at_a_stroke(clock, table):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


def test_a_stage_was_as_likely_to_win_and_as_slow_as_it_was(clock, cast):
    stage = make_stage(probability=30, cold_after_days=14)
    then = clock.now
    later = clock.set("2026-10-21 11:00")
    stage.probability, stage.cold_after_days = 60, 7
    stage.save()
    rules = [
        (period.probability, period.cold_after_days)
        for period in (StagePeriod.objects.at(at).get(stage=stage) for at in (then, later))
    ]
    assert rules == [(30, 14), (60, 7)]
