"""Settlements and rewards with real connections at the same time."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from discipline.models import LedgerEntry, RewardClaim, SettledEntry, Settlement
from discipline.services import ledger, rewards, settlements
from tests.factories.discipline import make_scored
from tests.factories.money import NOW, close_days, give_points, make_rate, make_reward, make_settlement
from tests.factories.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def cast(real_commits):
    """The manager and the teammate have 30 points each on a closed day."""
    cast = make_cast()
    make_scored(cast)
    make_rate(cast.owner)
    close_days(cast.team, TUESDAY, TUESDAY)
    for person in (cast.manager, cast.teammate):
        give_points(person, 30 - ledger.balance(person), TUESDAY)
    return cast


def at_once(*works: Callable[[], object]) -> list[object]:
    """What several connections answered that began together: results and refusals, in the order of `works`."""
    together, answers = Barrier(len(works)), [None] * len(works)

    def run(n: int) -> None:
        together.wait()
        try:
            answers[n] = works[n]()
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_settlements_made_at_once_one_wins_and_each_entry_is_settled_once(cast):
    def make(team):
        return lambda: settlements.make(first=TUESDAY, last=TUESDAY, team=team, by=cast.admin, at=NOW)

    answers = at_once(*[make(cast.team)] * 4)
    assert sorted(type(one).__name__ for one in answers) == ["Overlaps", "Overlaps", "Overlaps", "Settlement"]
    assert Settlement.objects.count() == 1
    assert SettledEntry.objects.count() == LedgerEntry.objects.filter(user__in=[cast.manager, cast.teammate]).count()


def test_of_settlements_approved_at_once_one_pays(cast):
    reviewed = make_settlement(cast, TUESDAY, TUESDAY, to="reviewed")
    works = [lambda: settlements.approve(settlement=reviewed, by=cast.owner, at=NOW)] * 4
    works.append(lambda: settlements.send_back(settlement=reviewed, reason="Wait", by=cast.admin, at=NOW))
    answers = at_once(*works)
    assert sum(isinstance(one, Settlement) for one in answers) == 1
    paid = LedgerEntry.objects.filter(kind="settlement").count()
    assert paid == (2 if Settlement.objects.get().status == "approved" else 0)
    assert ledger.verify() is None


def test_a_double_click_takes_one_reward(cast):
    lunch, key = make_reward(cast.admin, 10), uuid4()
    answers = at_once(*[lambda: rewards.claim(reward=lunch, points=10, key=key, by=cast.manager, at=NOW)] * 5)
    assert {one.pk for one in answers} == {RewardClaim.objects.get().pk}
    assert ledger.balance(cast.manager) == 20


def test_rewards_taken_at_once_never_cost_more_than_there_is(cast):
    lunch = make_reward(cast.admin, 12)
    works = [lambda: rewards.claim(reward=lunch, points=12, key=uuid4(), by=cast.manager, at=NOW)] * 5
    answers = at_once(*works)
    assert sorted(type(one).__name__ for one in answers) == ["RewardClaim"] * 2 + ["TooFewPoints"] * 3
    assert ledger.balance(cast.manager) == 6


def test_points_are_either_paid_or_spent(cast):
    lunch = make_reward(cast.admin, 30)
    claim, made = at_once(
        lambda: rewards.claim(reward=lunch, points=30, key=uuid4(), by=cast.manager, at=NOW),
        lambda: settlements.make(first=TUESDAY, last=TUESDAY, team=cast.team, by=cast.admin, at=NOW),
    )
    spent = 30 if isinstance(claim, RewardClaim) else 0
    assert made.lines.get(user=cast.manager).points + spent == 30


def test_the_key_of_an_entry_holds_without_the_lock(cast):
    line = make_settlement(cast, TUESDAY, TUESDAY).lines.get(user=cast.manager)
    entry = line.entries.first().entry_id
    with pytest.raises(IntegrityError):
        SettledEntry.objects.bulk_create([SettledEntry(entry_id=entry, line=line)])
