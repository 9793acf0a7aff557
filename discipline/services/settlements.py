"""A period's points turned into money: made, reviewed, approved and exported, each entry once, each step under a name."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import can, ensure
from accounts.refusals import NotAllowed, Refused
from discipline.models import EntryKind, Settlement, SettlementLine, SettlementStatus, SettlementStep, StepKind
from discipline.services import ledger
from discipline.services.locks import lock_settling
from discipline.services.settled_lines import work_out


class BackToFront(Refused):
    code = "back_to_front"
    field = "last"
    message = _("The last day is before the first one. Choose it again.")


class Overlaps(Refused):
    """No day of a team is settled twice."""

    code = "overlaps"
    field = "first"


class WrongStep(Refused):
    """Somebody else has taken the settlement a step on or back."""

    code = "wrong_step"
    message = _("Somebody has taken this settlement a step on in the meantime. Open it again to see where it stands.")


class AnotherApproves(Refused):
    code = "another_approves"
    message = _("Who made a settlement or is paid by it does not approve it. Ask another owner.")


class ReasonMissing(Refused):
    code = "reason_missing"
    field = "reason"
    message = _("Write what has to be put right.")


@transaction.atomic
def make(*, first: date, last: date, team: Team | None = None, by: User, at: datetime) -> Settlement:
    """A draft for a team with the teams below it, or without one for everybody: all points up to `last` not settled yet.

    Raises BackToFront, Overlaps, and what `settled_lines.work_out` raises: DaysOpen, NothingToSettle, NoRate and RateChanges.
    """
    ensure(by, Permission.SETTLEMENT_EDIT)
    if last < first:
        raise BackToFront
    lock_settling()
    _refuse_overlap(first, last, team)
    settlement = Settlement.objects.create(team=team, first=first, last=last, made_by=by)
    work_out(settlement)
    _step(settlement, StepKind.MADE, by)
    return settlement


@transaction.atomic
def again(*, settlement: Settlement, by: User, at: datetime) -> Settlement:
    """Work a draft out again, with what has come since. Raises WrongStep and what `make` raises."""
    ensure(by, Permission.SETTLEMENT_EDIT, settlement)
    lock_settling()
    found = _at(settlement, SettlementStatus.DRAFT)
    found.lines.all().delete()
    work_out(found)
    _step(found, StepKind.AGAIN, by)
    return found


@transaction.atomic
def throw_away(*, settlement: Settlement, by: User, at: datetime) -> Settlement:
    """Let go of a draft: its points are open again. Raises WrongStep."""
    ensure(by, Permission.SETTLEMENT_EDIT, settlement)
    lock_settling()
    found = _at(settlement, SettlementStatus.DRAFT)
    found.delete()
    return found


@transaction.atomic
def review(*, settlement: Settlement, by: User, at: datetime) -> Settlement:
    """Say that a draft is right; from now on its lines stay. Raises WrongStep."""
    ensure(by, Permission.SETTLEMENT_EDIT, settlement)
    found = _at(settlement, SettlementStatus.DRAFT)
    found.reviewed_by = by
    return _move(found, SettlementStatus.REVIEWED, StepKind.REVIEWED, by)


@transaction.atomic
def send_back(*, settlement: Settlement, reason: str, by: User, at: datetime) -> Settlement:
    """Make a reviewed settlement a draft again, with the reason. Raises WrongStep and ReasonMissing."""
    ensure_in_charge(by, settlement)
    found = _at(settlement, SettlementStatus.REVIEWED)
    if not reason.strip():
        raise ReasonMissing
    found.reviewed_by = None
    return _move(found, SettlementStatus.DRAFT, StepKind.BACK, by, reason.strip())


@transaction.atomic
def approve(*, settlement: Settlement, by: User, at: datetime) -> Settlement:
    """Approve for good: the points leave the people's accounts as paid. Raises WrongStep and AnotherApproves."""
    ensure(by, Permission.SETTLEMENT_APPROVE, settlement)
    found = _at(settlement, SettlementStatus.REVIEWED)
    lines = list(found.lines.order_by("user_id"))
    if by.pk == found.made_by_id or any(line.user_id == by.pk for line in lines):
        raise AnotherApproves
    ledger.post(entries=[_paid(found, line) for line in lines if line.points])
    found.approved_by = by
    return _move(found, SettlementStatus.APPROVED, StepKind.APPROVED, by)


@transaction.atomic
def export(*, settlement: Settlement, by: User, at: datetime) -> Settlement:
    """Note that an approved settlement was taken to payroll, each time; the first time it becomes exported. Raises WrongStep."""
    ensure_in_charge(by, settlement)
    found = _at(settlement, SettlementStatus.APPROVED, SettlementStatus.EXPORTED)
    if found.status == SettlementStatus.EXPORTED:
        _step(found, StepKind.EXPORTED, by)
        return found
    return _move(found, SettlementStatus.EXPORTED, StepKind.EXPORTED, by)


def in_charge(user: User, settlement: Settlement | None = None) -> bool:
    """Whether somebody makes or approves settlements, not only reads them."""
    return any(can(user, one, settlement) for one in (Permission.SETTLEMENT_EDIT, Permission.SETTLEMENT_APPROVE))


def ensure_in_charge(user: User, settlement: Settlement) -> None:
    """Raises NotAllowed unless `user` makes or approves settlements."""
    if not in_charge(user, settlement):
        raise NotAllowed


def _paid(settlement: Settlement, line: SettlementLine) -> ledger.Posting:
    """The settled points leave the account, so that nothing of them is left on it."""
    return ledger.posting(
        key=f"settlement:{settlement.pk}:{line.user_id}",
        kind=EntryKind.SETTLEMENT,
        user_id=line.user_id,
        day=settlement.last,
        points=-line.points,
        against=ledger.PAID,
        settlement_id=settlement.pk,
    )


def _refuse_overlap(first: date, last: date, team: Team | None) -> None:
    """A team's days are in one settlement, whether its own, one of a team above it, or one of the company."""
    for other in Settlement.objects.filter(first__lte=last, last__gte=first).select_related("team").order_by("-last"):
        related = (
            team is None
            or other.team is None
            or team.path.startswith(other.team.path)
            or other.team.path.startswith(team.path)
        )
        if related:
            raise Overlaps(
                _("%(first)s to %(last)s is in a settlement of %(whom)s already. Choose days outside of it.")
                % {
                    "first": date_format(other.first, "j M Y"),
                    "last": date_format(other.last, "j M Y"),
                    "whom": other.team or _("everybody"),
                }
            )


def _at(settlement: Settlement, *steps: str) -> Settlement:
    """The settlement, locked, if it still stands where the person saw it."""
    found = Settlement.objects.select_for_update(of=("self",)).select_related("team").filter(pk=settlement.pk).first()
    if found is None or found.status not in steps:
        raise WrongStep
    return found


def _move(settlement: Settlement, to: str, kind: str, by: User, reason: str = "") -> Settlement:
    settlement.status = to
    settlement.save()
    _step(settlement, kind, by, reason)
    settlement.refresh_from_db()
    return settlement


def _step(settlement: Settlement, kind: str, by: User, reason: str = "") -> None:
    SettlementStep.objects.create(settlement=settlement, kind=kind, by=by, reason=reason)
