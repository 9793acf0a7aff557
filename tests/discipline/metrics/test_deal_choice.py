"""Rules about some deals only: of a pipeline, a segment, a product group, each as it was at the cut-off."""

import pytest

from crm.models import Deal, DealProduct, LossReason, Pipeline, Product
from tests.factories.crm import make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def choices(special, renewals, school):
    return [{"pipeline": renewals.pk}, {"segment": school.pk}, {"product_group": "O'Hare's"}]


def close(deal: Deal, status: str, by, **fields) -> None:
    Deal.objects.filter(pk=deal.pk).update(status=status, changed_by=by, **fields)


@pytest.mark.parametrize("metric", ["deals_won", "sum_won"])
def test_only_the_wins_of_the_choice_count(asked, told, special, choices, cast, metric):
    other = make_deal(cast.manager, amount_minor=5_000)
    Deal.objects.filter(pk=special.pk).update(amount_minor=20_000)
    for deal in (special, other):
        close(deal, "won", cast.manager)
    assert asked(metric, cast.manager).value == {"deals_won": 2, "sum_won": 250}[metric]
    for given in choices:
        assert told(metric, cast.manager, **given) == [(special.pk, "")]


@pytest.mark.parametrize("metric", ["deals_lost", "lost_without_reason"])
def test_only_the_losses_of_the_choice_count(told, special, choices, cast, metric):
    other = make_deal(cast.manager)
    for deal in (special, other):
        close(deal, "lost", cast.manager)
    assert len(told(metric, cast.manager)) == 2
    for given in choices:
        assert [pk for pk, _reason in told(metric, cast.manager, **given)] == [special.pk]


@pytest.mark.parametrize("metric", ["deals_in_progress", "deals_without_task"])
def test_only_the_open_deals_of_the_choice_count(asked, told, special, choices, cast, metric):
    make_deal(cast.manager)
    assert asked(metric, cast.manager).value == 2
    for given in choices:
        assert [pk for pk, _reason in told(metric, cast.manager, **given)] == [special.pk]
        assert asked(metric, cast.manager, **given).value == 1


def test_choices_hold_together(asked, special, cast, renewals, school):
    both = {"pipeline": renewals.pk, "segment": school.pk}
    assert asked("deals_in_progress", cast.manager, **both).value == 1
    other = Pipeline.objects.create(name="Other")
    assert asked("deals_in_progress", cast.manager, pipeline=other.pk, segment=school.pk).value == 0


def test_a_choice_without_deals_has_nothing_to_judge(asked, special, cast):
    other = Pipeline.objects.create(name="Other")
    for metric in ("deals_without_task", "lost_without_reason"):
        assert asked(metric, cast.manager, pipeline=other.pk)[:2] == (0, 0)


def test_what_changes_after_the_cut_off_leaves_the_day_as_it_was(asked, told, special, choices, clock, cast):
    close(special, "won", cast.manager)
    before = [told("deals_won", cast.manager, **given) for given in choices]
    clock.set("2026-10-20 18:00:01")
    special.company.tags.clear()
    DealProduct.objects.filter(deal=special).delete()
    Product.objects.update(group="Machines")
    Product.objects.create(name="Scanner", group="O'Hare's")
    stage = special.stage
    stage.pipeline = Pipeline.objects.create(name="Other")
    stage.save()
    assert [told("deals_won", cast.manager, **given) for given in choices] == before
    assert before == [[(special.pk, "")]] * 3


def test_what_belongs_only_after_the_cut_off_did_not_belong(asked, special, choices, clock, cast, school):
    plain = make_deal(cast.manager, company=special.company)
    close(plain, "won", cast.manager)
    special.company.tags.remove(school)
    clock.set("2026-10-20 18:00:01")
    special.company.tags.add(school)
    DealProduct.objects.create(deal=plain, product=Product.objects.get())
    assert [asked("deals_won", cast.manager, **given).value for given in choices] == [0, 0, 0]


def test_a_lost_deal_with_a_reason_is_no_breach_of_its_pipeline(asked, special, cast, renewals):
    close(special, "lost", cast.manager, loss_reason=LossReason.objects.create(name="Price"))
    assert asked("lost_without_reason", cast.manager, pipeline=renewals.pk)[:2] == (0, 1)
