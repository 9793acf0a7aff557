"""Rewards: a catalogue, and points spent on it. Points leave the account when a reward is taken and come back when it is refused."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline.models import ClaimStatus, EntryKind, Reward, RewardClaim
from discipline.services import ledger
from discipline.services.locks import lock_accounts
from discipline.unsettled import spendable

DEAREST = 10_000


class NameMissing(Refused):
    code = "name_missing"
    field = "name"
    message = _("Write what the reward is, like lunch on the company.")


class WrongPrice(Refused):
    code = "wrong_price"
    field = "points"
    message = _("A reward costs from 1 to 10 000 points. Write a number between them.")


class NotOffered(Refused):
    code = "not_offered"
    message = _("This reward is not offered any more. Choose another one.")


class PriceChanged(Refused):
    """Somebody takes a reward for what it costs, not for what it cost."""

    code = "price_changed"


class TooFewPoints(Refused):
    code = "too_few_points"


class Decided(Refused):
    code = "decided"
    message = _("Somebody has decided this already. Open the list again to see the answer.")


class AnswerMissing(Refused):
    code = "answer_missing"
    field = "answer"
    message = _("Write why not, so that the person knows.")


@transaction.atomic
def add(*, name: str, points: int, description: str = "", active: bool = True, by: User, at: datetime) -> Reward:
    """Offer one more reward. Raises NameMissing and WrongPrice."""
    ensure(by, Permission.REWARD_EDIT)
    return _save(Reward(), name, points, description, active)


@transaction.atomic
def edit(
    *, reward: Reward, name: str, points: int, description: str = "", active: bool = True, by: User, at: datetime
) -> Reward:
    """Change a reward, or stop offering it; what was taken keeps its price. Raises NameMissing and WrongPrice."""
    ensure(by, Permission.REWARD_EDIT)
    return _save(Reward.objects.select_for_update().get(pk=reward.pk), name, points, description, active)


@transaction.atomic
def claim(*, reward: Reward, points: int, key: UUID, by: User, at: datetime) -> RewardClaim:
    """Take a reward for the `points` that the person was told; sending the same `key` again gives the claim that is there.

    Raises NotOffered, PriceChanged, and TooFewPoints when the account would fall below zero. Points that a settlement has taken,
    be it a draft, are not there to be spent: they will be paid.
    """
    ensure(by, Permission.REWARD_CLAIM)
    lock_accounts([by.pk])
    there = RewardClaim.objects.filter(key=key, user=by).first()
    if there is not None:
        return there
    found = Reward.objects.select_for_update().get(pk=reward.pk)
    _check_claim(found, points, spendable(by.pk))
    taken = RewardClaim.objects.create(key=key, reward=found, user=by, points=found.points)
    _post(taken, f"reward:{taken.pk}", EntryKind.REWARD, -taken.points, at)
    return taken


@transaction.atomic
def decide(*, claim: RewardClaim, give: bool, answer: str = "", by: User, at: datetime) -> RewardClaim:
    """Give a reward that somebody else has taken, or refuse it with a reason, and his points come back.

    Raises Decided and AnswerMissing.
    """
    ensure(by, Permission.REWARD_DECIDE, claim)
    found = RewardClaim.objects.select_for_update(of=("self",)).select_related("user").get(pk=claim.pk)
    if found.status != ClaimStatus.ASKED:
        raise Decided
    if not give and not answer.strip():
        raise AnswerMissing
    found.status = ClaimStatus.GIVEN if give else ClaimStatus.REFUSED
    found.decided_by, found.decided_at, found.answer = by, at, answer.strip()
    found.save()
    if not give:
        _post(found, f"reward_back:{found.pk}", EntryKind.REWARD_BACK, found.points, at)
    return found


def _save(reward: Reward, name: str, points: int, description: str, active: bool) -> Reward:
    if not name.strip():
        raise NameMissing
    if not 1 <= points <= DEAREST:
        raise WrongPrice
    reward.name, reward.description = name.strip(), description.strip()
    reward.points, reward.active = points, active
    reward.save()
    return reward


def _check_claim(reward: Reward, points: int, balance: int) -> None:
    if not reward.active:
        raise NotOffered
    if reward.points != points:
        said = ngettext("It costs %(n)s point now. Look again before you take it.", "It costs %(n)s points now. Look again before you take it.", reward.points)  # fmt: skip
        raise PriceChanged(said % {"n": reward.points})
    if balance < reward.points:
        short = reward.points - max(balance, 0)
        said = ngettext("You need %(n)s more point for it. Come back when you have it.", "You need %(n)s more points for it. Come back when you have them.", short)  # fmt: skip
        raise TooFewPoints(said % {"n": short})


def _post(claim: RewardClaim, key: str, kind: str, points: int, at: datetime) -> None:
    entry = ledger.posting(
        key=key,
        kind=kind,
        user_id=claim.user_id,
        day=local_day(at, claim.user.zone),
        points=points,
        against=ledger.REWARDS,
        claim_id=claim.pk,
    )
    ledger.post(entries=[entry])
