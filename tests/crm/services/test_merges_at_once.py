"""Two people who merge, edit and log at the same moment: real connections, real commits."""

import pytest
from django.db import transaction
from django.utils import timezone

from crm.models import Activity, Company, DuplicatePair, DuplicateSearch, Merge
from crm.services import activities, companies, duplicate_search, merges
from tests.crm.services.test_at_once import together
from tests.factories.people import make_cast


@pytest.fixture
def cast_for_real(real_commits):
    return make_cast()


@pytest.fixture
def three(cast_for_real):
    by, now = cast_for_real.manager, timezone.now()
    made = [
        companies.add(by=by, at=now, name=name, overridden=True, city="Łódź") for name in ("Acme", "Acme SA", "Acme AG")
    ]
    return by, made


def merging(by, kept, gone, **more):
    return lambda: merges.merge(
        noun="company", survivor=kept.pk, merged=gone.pk, choices={}, by=by, at=timezone.now(), **more
    )


def names(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_who_merge_the_same_pair_get_the_same_merge(three):
    by, (first, second, _third) = three
    one, other = together(merging(by, first, second), merging(by, first, second))
    assert one == other
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_merges_of_one_company_the_second_is_told(three, attempt):
    by, (first, second, third) = three
    outcomes = together(merging(by, first, second), merging(by, second, third))
    seen = names(outcomes)
    assert seen in (["AlreadyMerged", "Merge"], ["Merge", "Merge"])
    live = Company.objects.live().values_list("pk", flat=True)
    assert first.pk in live
    assert len(live) == (2 if "AlreadyMerged" in seen else 1)


def test_an_edit_while_it_is_merged_is_saved_or_told(three):
    by, (first, second, _third) = three
    seen = {one.pk: one.changed_at for one in (first, second)}

    def edit():
        mine = Company.objects.get(pk=second.pk)
        return companies.edit(company=mine, by=by, at=timezone.now(), seen_at=second.changed_at, industry="Food")

    outcomes = names(together(merging(by, first, second, seen_at=seen), edit))
    assert outcomes in (["Merge", "NotAllowed"], ["Company", "StaleRecord"])


def test_a_call_logged_while_its_company_is_merged_goes_over_a_little_later(three):
    by, (first, second, _third) = three
    with transaction.atomic():
        call = activities.log(
            by=by, at=timezone.now(), kind="call", occurred_at=timezone.now(), company=second, note="Hi"
        )
        (done,) = together(merging(by, first, second))
    assert isinstance(done, Merge)
    assert Activity.objects.get(pk=call.pk).company == second
    assert merges.gather_late(at=timezone.now()) == 1
    assert Activity.objects.get(pk=call.pk).company == first
    merges.undo(merge=done, by=by, at=timezone.now())
    assert Activity.objects.get(pk=call.pk).company == second


def test_two_searches_do_not_meet_and_what_is_still_being_written_is_not_missed(three):
    by, (first, second, _third) = three
    with transaction.atomic():
        late = companies.add(by=by, at=timezone.now(), name="Acme Oy", overridden=True, city="Łódź")
        companies.edit(company=first, by=by, at=timezone.now(), industry="Food")
        assert together(lambda: duplicate_search.run(at=timezone.now())) == [3]
    with transaction.atomic():
        DuplicateSearch.objects.select_for_update().get(noun="company")
        assert together(lambda: duplicate_search.step(noun="company", at=timezone.now())) == [0]
    assert duplicate_search.run(at=timezone.now()) == 2
    assert DuplicatePair.objects.filter(first=first.pk, second=late.pk).exists()
    assert DuplicatePair.objects.filter(first=first.pk, second=second.pk).exists()
