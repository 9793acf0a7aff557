"""The rewards page: the catalogue beside one's own points, what one has taken, and what a head has to decide. Reads only."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from discipline.models import ClaimStatus, Reward, RewardClaim
from discipline.unsettled import spendable

MOST = 200
TAKEN = 30
STATES = {ClaimStatus.ASKED: "pending", ClaimStatus.GIVEN: "done", ClaimStatus.REFUSED: "na"}
"""How far a claim is, as the page's components know it."""


class RewardPage:
    """What the page draws for a reader; each part is read when it is drawn."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.takes = holds(user, Permission.REWARD_CLAIM)
        self.decides = holds(user, Permission.REWARD_DECIDE)
        self.edits = holds(user, Permission.REWARD_EDIT)

    @cached_property
    def balance(self) -> int:
        """Points that the reader may spend; 0 for who has none, or is below zero."""
        return max(spendable(self.user.pk), 0) if self.takes else 0

    @cached_property
    def rewards(self) -> list[dict[str, Any]]:
        """What is offered, the cheapest first; the coordinator also sees what is not offered any more."""
        rows = Reward.objects.all() if self.edits else Reward.objects.filter(active=True)
        listed = rows.order_by("-active", "points", "name", "pk")[:MOST]
        return [
            {"reward": one, "within": self.balance >= one.points, "short": one.points - self.balance, "has": self.balance}
            for one in listed
        ]  # fmt: skip

    @cached_property
    def own(self) -> list[dict[str, Any]]:
        """What the reader has taken, newest first."""
        if not self.takes:
            return []
        rows = RewardClaim.objects.filter(user=self.user).select_related("reward", "decided_by")
        return [_draw(claim) for claim in rows[:TAKEN]]

    @cached_property
    def to_decide(self) -> list[dict[str, Any]]:
        """What the reader's people have taken and nobody has decided, the oldest first."""
        if not self.decides:
            return []
        rows = RewardClaim.objects.visible_to(self.user, Permission.REWARD_DECIDE).filter(status=ClaimStatus.ASKED)
        return [_draw(claim) for claim in rows.select_related("reward", "user").order_by("recorded_at", "pk")[:MOST]]

    @cached_property
    def decided(self) -> list[dict[str, Any]]:
        """The last answers given to the reader's people."""
        if not self.decides:
            return []
        rows = RewardClaim.objects.visible_to(self.user, Permission.REWARD_DECIDE).exclude(status=ClaimStatus.ASKED)
        return [_draw(claim) for claim in rows.select_related("reward", "user", "decided_by")[:TAKEN]]


def _draw(claim: RewardClaim) -> dict[str, Any]:
    return {"claim": claim, "state": STATES[ClaimStatus(claim.status)]}
