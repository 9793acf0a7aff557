"""Rewards: points leave at once, come back when refused, and one form takes one reward."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.refusals import NotAllowed
from discipline.liability import bonus_liability
from discipline.models import ClaimStatus, LedgerEntry, Reward, RewardClaim
from discipline.services import ledger, rewards, settlements
from discipline.unsettled import spendable, standings
from tests.factories.money import NOW, close_days, give_points, make_claim, make_rate, make_reward, make_settlement

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def lunch(scored, cast) -> Reward:
    """Lunch costs ten points; the manager has 25."""
    give_points(cast.manager, 25, TUESDAY)
    return make_reward(cast.admin, 10)


def test_taking_a_reward_costs_its_points_at_once(lunch, cast):
    claim = make_claim(lunch, cast.manager)
    assert (claim.status, claim.points) == (ClaimStatus.ASKED, 10)
    assert ledger.balance(cast.manager) == 15
    entry = LedgerEntry.objects.get(claim=claim)
    assert (entry.key, entry.debit, entry.credit) == (f"reward:{claim.pk}", f"person:{cast.manager.pk}", "rewards")
    assert ledger.verify() is None


def test_one_form_takes_one_reward(lunch, cast):
    key = uuid4()
    first = rewards.claim(reward=lunch, points=10, key=key, by=cast.manager, at=NOW)
    assert rewards.claim(reward=lunch, points=10, key=key, by=cast.manager, at=NOW) == first
    assert ledger.balance(cast.manager) == 15
    assert rewards.claim(reward=lunch, points=10, key=uuid4(), by=cast.manager, at=NOW) != first


def test_the_account_does_not_fall_below_zero(lunch, cast):
    make_claim(lunch, cast.manager)
    make_claim(lunch, cast.manager)
    with pytest.raises(rewards.TooFewPoints, match="You need 5 more points"):
        make_claim(lunch, cast.manager)
    with pytest.raises(rewards.TooFewPoints, match="You need 10 more points"):
        make_claim(lunch, cast.teammate)
    assert ledger.balance(cast.manager) == 5


def test_points_that_a_draft_will_pay_are_not_spent_on_rewards_too(lunch, cast):
    make_rate(cast.owner)
    close_days(cast.team, TUESDAY, TUESDAY)
    make_settlement(cast, TUESDAY, TUESDAY)
    assert ledger.balance(cast.manager) > 0
    assert spendable(cast.manager.pk) == 0
    with pytest.raises(rewards.TooFewPoints):
        make_claim(lunch, cast.manager)


def test_a_reward_costs_what_the_person_was_told(lunch, cast):
    rewards.edit(reward=lunch, name=lunch.name, points=12, by=cast.admin, at=NOW)
    with pytest.raises(rewards.PriceChanged, match="It costs 12 points now"):
        rewards.claim(reward=lunch, points=10, key=uuid4(), by=cast.manager, at=NOW)
    rewards.edit(reward=lunch, name=lunch.name, points=10, active=False, by=cast.admin, at=NOW)
    with pytest.raises(rewards.NotOffered):
        make_claim(lunch, cast.manager)
    assert not RewardClaim.objects.exists()


def test_a_refusal_with_a_reason_gives_the_points_back_once(lunch, cast):
    claim = make_claim(lunch, cast.manager)
    with pytest.raises(rewards.AnswerMissing) as refused:
        rewards.decide(claim=claim, give=False, answer=" ", by=cast.head, at=NOW)
    assert refused.value.field == "answer"
    decided = rewards.decide(claim=claim, give=False, answer="Closed that week", by=cast.head, at=NOW)
    assert (decided.status, decided.decided_by, decided.answer) == ("refused", cast.head, "Closed that week")
    assert ledger.balance(cast.manager) == 25
    with pytest.raises(rewards.Decided):
        rewards.decide(claim=claim, give=False, answer="Again", by=cast.head, at=NOW)
    assert ledger.balance(cast.manager) == 25


def test_giving_it_keeps_the_points(lunch, cast):
    claim = rewards.decide(claim=make_claim(lunch, cast.manager), give=True, by=cast.head, at=NOW)
    assert (claim.status, claim.answer) == ("given", "")
    assert ledger.balance(cast.manager) == 15
    with pytest.raises(rewards.Decided):
        rewards.decide(claim=claim, give=False, answer="Too late", by=cast.head, at=NOW)


@pytest.mark.parametrize("who", ["manager", "teammate", "other_head", "admin"])
def test_only_his_head_and_the_owner_decide(lunch, cast, who):
    claim = make_claim(lunch, cast.manager)
    with pytest.raises(NotAllowed):
        rewards.decide(claim=claim, give=True, by=getattr(cast, who), at=NOW)
    assert rewards.decide(claim=claim, give=True, by=cast.owner, at=NOW).decided_by == cast.owner


def test_a_head_does_not_decide_his_own(lunch, cast):
    give_points(cast.head, 20, TUESDAY)
    claim = make_claim(lunch, cast.head)
    with pytest.raises(NotAllowed):
        rewards.decide(claim=claim, give=True, by=cast.head, at=NOW)


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"name": "  "}, rewards.NameMissing, "name"),
        ({"points": 0}, rewards.WrongPrice, "points"),
        ({"points": -5}, rewards.WrongPrice, "points"),
        ({"points": 10_001}, rewards.WrongPrice, "points"),
    ],
)
def test_a_wrong_reward_is_not_saved(cast, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        rewards.add(**{"name": "Lunch", "points": 5, **facts}, by=cast.admin, at=NOW)
    assert refused.value.field == field
    assert not Reward.objects.exists()


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_keeps_the_catalogue(cast, who):
    with pytest.raises(NotAllowed):
        rewards.add(name="Lunch", points=5, by=getattr(cast, who), at=NOW)


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_who_is_not_scored_takes_no_rewards(lunch, cast, who):
    with pytest.raises(NotAllowed):
        make_claim(lunch, getattr(cast, who))


# --- what the open points are worth ---


def test_open_points_stand_at_the_rate_of_ones_team(lunch, cast, django_assert_num_queries):
    make_rate(cast.owner)
    make_rate(cast.owner, team=cast.other_team, rate="3")
    give_points(cast.stranger, 4, TUESDAY)
    with django_assert_num_queries(1):
        found = {one.user_id: one for one in standings(day=TUESDAY)}
    assert found[cast.manager.pk].worked.amount_minor == 25_00
    assert found[cast.stranger.pk].worked.amount_minor == 12_00
    assert found[cast.teammate.pk].points == 0
    assert [one.points for one in standings(day=TUESDAY, people=[cast.manager.pk])] == [25]


def test_the_company_owes_what_is_not_approved(lunch, cast, django_assert_num_queries):
    make_rate(cast.owner)
    close_days(cast.team, TUESDAY, TUESDAY)
    give_points(cast.stranger, -4, TUESDAY)
    points = ledger.balances([cast.manager.pk, cast.teammate.pk, cast.stranger.pk])
    with django_assert_num_queries(1):
        owed = bonus_liability(day=TUESDAY)
    (euros,) = owed.by_currency
    assert (euros.people, euros.points) == (3, sum(points.values()))
    assert euros.to_pay_minor == points[cast.manager.pk] * 100
    assert euros.reduced_minor == -(points[cast.teammate.pk] + points[cast.stranger.pk]) * 100
    made = make_settlement(cast, TUESDAY, TUESDAY, to="reviewed")
    assert bonus_liability(day=TUESDAY) == owed, "still owed until somebody approves"
    settlements.approve(settlement=made, by=cast.owner, at=NOW)
    assert bonus_liability(day=TUESDAY).by_currency[0].to_pay_minor == 0


def test_points_without_a_rate_are_told_apart(lunch, cast):
    owed = bonus_liability(day=TUESDAY)
    assert (owed.by_currency, owed.people_without_rate, owed.points_without_rate) == ([], 1, 25)
    assert standings(day=TUESDAY, people=[cast.manager.pk])[0].worked is None
