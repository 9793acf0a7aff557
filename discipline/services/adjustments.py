"""Corrections of points: proposed, decided by whoever leads the person, signed by the owner where they are large, posted once.

The card stays as it is. A correction says by how much, why, who proposed it and who decided; everybody concerned can see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can, ensure
from accounts.refusals import NotAllowed, Refused
from discipline import bounds
from discipline.models import (
    Adjustment,
    AdjustmentKind,
    AdjustmentStatus,
    Appeal,
    AppealStatus,
    ControlSettings,
    EntryKind,
    Scorecard,
    ScoreLine,
)
from discipline.services import correction_news, ledger

DECIDED = (AdjustmentStatus.APPROVED, AdjustmentStatus.SIGNING)


class ReasonMissing(Refused):
    code = "reason_missing"
    field = "text"
    message = gettext_lazy("Say in a few words why: the person and the owner will read it.")


class DecisionMissing(Refused):
    code = "decision_missing"
    field = "decision"
    message = gettext_lazy("Say in a few words why not: the person will read it.")


class NoPoints(Refused):
    code = "no_points"
    field = "delta"
    message = gettext_lazy("A correction changes points. Enter how many, above or below zero.")


class NothingCounts(Refused):
    code = "nothing_counts"
    message = gettext_lazy("This day did not count, on trial or without signed rules, so there is nothing to correct.")


class OutOfBounds(Refused):
    """More than the card or the line could ever have given."""

    code = "out_of_bounds"
    field = "delta"

    def __init__(self, within: bounds.Bounds, now: int) -> None:
        least, most = formats.points(within.low - now), formats.points(within.high - now)
        standing = _("It stands at %(now)s and could have come out from %(low)s to %(high)s.") % {
            "now": formats.points(now),
            "low": formats.points(within.low),
            "high": formats.points(within.high),
        }
        remedy = _("A correction can be from %(least)s to %(most)s.") % {"least": least, "most": most}
        super().__init__(f"{standing} {remedy}")


class AlreadyDecided(Refused):
    code = "adjustment_decided"
    message = gettext_lazy("This correction has been decided meanwhile. Load the page again to see how it stands.")


@transaction.atomic
def propose(
    *,
    card: Scorecard,
    delta: int,
    kind: str,
    text: str,
    at: datetime,
    key: str,
    by: User | None = None,
    line: ScoreLine | None = None,
    records: Sequence[Sequence[Any]] = (),
) -> Adjustment | None:
    """Propose a correction of a card, or of one of its lines; None when `key` has been proposed before.

    Without `by` it is the program's own proposal and waits for the head. A person's own proposal is his decision too, and because
    nobody approves his own it waits for the owner's signature. Raises ReasonMissing, NoPoints, NothingCounts and OutOfBounds (the
    program's own are held against the bounds when they are decided: others may have been by then).
    """
    if by is not None:
        ensure(by, Permission.ADJUSTMENT_ADD, card)
        if not text.strip():
            raise ReasonMissing
    card = _lock(card)
    if Adjustment.objects.filter(key=key).exists():
        return None
    if not delta:
        raise NoPoints
    if by is not None:
        _check(card, line, delta)
    adjustment = Adjustment.objects.create(
        key=key, kind=kind, user_id=card.user_id, card=card, line=line, delta=delta, text=text.strip(), records=list(records),
        proposed_by=by,
    )  # fmt: skip
    if by is None:
        correction_news.proposed(adjustment, at=at)
    else:
        _approve(adjustment, text, by, at, cosigned=True)
    return adjustment


@transaction.atomic
def grant(
    *, line: ScoreLine, delta: int, text: str, key: str, to: User, decision: str, by: User, at: datetime
) -> Adjustment:
    """The correction that follows from an accepted appeal `text` of the person `to`; `by` has decided it."""
    card = _lock(line.card)
    _check(card, line, delta)
    adjustment = Adjustment.objects.create(
        key=key, kind=AdjustmentKind.APPEAL, user=to, card=card, line=line, delta=delta, text=text, proposed_by=to
    )
    return _approve(adjustment, decision, by, at, told=False)


@transaction.atomic
def decide(*, adjustment: Adjustment, approve: bool, decision: str = "", by: User, at: datetime) -> Adjustment:
    """Approve a proposal, which posts it, or sends it to the owner above the limit; or refuse it with a reason.

    Nobody decides his own. The same decision of the same person again changes nothing. Raises DecisionMissing, AlreadyDecided,
    NothingCounts and OutOfBounds (when other corrections have used up what the card could give).
    """
    ensure(by, Permission.ADJUSTMENT_DECIDE, adjustment)
    card = _lock(adjustment.card)
    adjustment = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    if adjustment.status != AdjustmentStatus.PROPOSED:
        return _again(adjustment, approve, adjustment.decided_by_id == by.pk)
    if not approve:
        return _refuse(adjustment, decision, at, decided_by=by, decided_at=at)
    _check(card, adjustment.line, adjustment.delta)
    return _approve(adjustment, decision, by, at)


@transaction.atomic
def sign(*, adjustment: Adjustment, approve: bool, decision: str = "", by: User, at: datetime) -> Adjustment:
    """Sign a correction that a head has approved, which posts it, or refuse it with a reason. Owners only, and never one's own.

    The same again changes nothing. Raises DecisionMissing, AlreadyDecided and OutOfBounds.
    """
    ensure(by, Permission.ADJUSTMENT_SIGN, adjustment)
    card = _lock(adjustment.card)
    adjustment = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    if by.pk == adjustment.decided_by_id:
        raise NotAllowed
    if adjustment.status != AdjustmentStatus.SIGNING:
        return _again(adjustment, approve, adjustment.signed_by_id == by.pk)
    if not approve:
        Appeal.objects.filter(adjustment=adjustment).update(status=AppealStatus.REFUSED)
        return _refuse(adjustment, decision, at, signed_by=by, signed_at=at)
    _check(card, adjustment.line, adjustment.delta, without=adjustment.pk)
    return _post(adjustment, at, signed_by=by, signed_at=at)


def room(card: Scorecard, line: ScoreLine | None = None) -> tuple[bounds.Bounds, int]:
    """What a card, or a line of it, could have posted, and what it stands at with the corrections decided so far."""
    return _room(card, line, without=None)


def _room(card: Scorecard, line: ScoreLine | None, without: int | None) -> tuple[bounds.Bounds, int]:
    decided = Adjustment.objects.filter(card=card, status__in=DECIDED)
    if without is not None:
        decided = decided.exclude(pk=without)
    if line is not None:
        moved = decided.filter(line=line).aggregate(sum=Sum("delta"))["sum"] or 0
        return bounds.of_line(line.rule, card), bounds.posted(line, card) + moved
    moved = decided.aggregate(sum=Sum("delta"))["sum"] or 0
    return bounds.of_card(card.lines.select_related("rule").defer("evidence"), card), card.posted + moved


def _check(card: Scorecard, line: ScoreLine | None, delta: int, without: int | None = None) -> None:
    """A correction leaves the card, and the line that it names, within what they could have given."""
    if not delta:
        raise NoPoints
    if not bounds.counts(card):
        raise NothingCounts
    for part in (line, None) if line is not None else (None,):
        within, now = _room(card, part, without)
        if within.cut(delta, now) != delta:
            raise OutOfBounds(within, now)


def _lock(card: Scorecard) -> Scorecard:
    """Corrections of one card are decided one after another."""
    return Scorecard.objects.select_for_update(no_key=True).get(pk=card.pk)


def _again(adjustment: Adjustment, approve: bool, by_the_same: bool) -> Adjustment:
    """What was decided already: fine when it is the same once more, as after a double click."""
    if by_the_same and approve == (adjustment.status != AdjustmentStatus.REFUSED):
        return adjustment
    raise AlreadyDecided


def _approve(
    adjustment: Adjustment, decision: str, by: User, at: datetime, *, cosigned: bool = False, told: bool = True
) -> Adjustment:
    """The head's word: it is posted, or waits for the owner when it is `cosigned` or large. An owner's word is both."""
    if can(by, Permission.ADJUSTMENT_SIGN, adjustment):
        facts = {"decided_by": by, "decided_at": at, "signed_by": by, "signed_at": at}
        return _post(adjustment, at, told=told, decision=decision.strip(), **facts)
    if not cosigned and abs(adjustment.delta) <= ControlSettings.current().cosign_points:
        return _post(adjustment, at, told=told, decision=decision.strip(), decided_by=by, decided_at=at)
    _store(adjustment, status=AdjustmentStatus.SIGNING, decision=decision.strip(), decided_by=by, decided_at=at)
    correction_news.to_sign(adjustment, at=at)
    return adjustment


def _post(adjustment: Adjustment, at: datetime, *, told: bool = True, **facts: Any) -> Adjustment:
    _store(adjustment, status=AdjustmentStatus.APPROVED, **facts)
    entry = ledger.posting(
        key=f"adjustment:{adjustment.pk}", kind=EntryKind.ADJUSTMENT, user_id=adjustment.user_id, day=adjustment.card.day,
        points=adjustment.delta, adjustment_id=adjustment.pk,
    )  # fmt: skip
    ledger.post(entries=[entry])
    if told:
        correction_news.decided(adjustment, at=at)
    return adjustment


def _refuse(adjustment: Adjustment, decision: str, at: datetime, **facts: Any) -> Adjustment:
    if not decision.strip():
        raise DecisionMissing
    said = "\n".join(word for word in (adjustment.decision, decision.strip()) if word)
    _store(adjustment, status=AdjustmentStatus.REFUSED, decision=said[:500], **facts)
    correction_news.decided(adjustment, at=at)
    return adjustment


def _store(adjustment: Adjustment, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(adjustment, name, value)
    adjustment.save(update_fields=list(facts))
