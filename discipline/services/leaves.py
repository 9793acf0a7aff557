"""Leave: asked for by the person, decided by who leads him, stamped by the database.

An absence counts for a day when it was approved by the day's horizon. Approved later it changes nothing that is closed: it leads to
a proposed correction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can, ensure
from accounts.refusals import NotAllowed, Refused
from discipline.models import Leave, LeaveKind, LeaveStatus
from discipline.services import leave_news

LONGEST = timedelta(days=3 * 366)
STANDING = (LeaveStatus.ASKED, LeaveStatus.APPROVED)


class EndsBeforeItStarts(Refused):
    code = "ends_before_it_starts"
    field = "until_at"
    message = _("A leave ends after it starts. Choose a later end.")


class TooLong(Refused):
    code = "leave_too_long"
    field = "until_at"
    message = _("This is longer than three years. Correct the dates, or enter it in parts.")


class UnknownKind(Refused):
    code = "unknown_kind"
    field = "kind"
    message = _("Choose holiday leave, sick leave, business trip or other.")


class Overlapping(Refused):
    """One absence at a time, waiting or approved."""

    code = "leave_overlaps"
    field = "from_at"
    message = _("There is leave for a part of this time already. Cancel that one first, or choose other days.")


class AnswerMissing(Refused):
    code = "answer_missing"
    field = "answer"
    message = _("Say in a few words why not, so that it can be planned anew.")


class AlreadyDecided(Refused):
    code = "leave_decided"
    message = _("This request has been decided or taken back meanwhile. Load the page again to see how it stands.")


class AlreadyOver(Refused):
    """Who was away cannot unsay it himself."""

    code = "leave_over"
    message = _("This leave is over. Ask whoever leads you to cancel it, if it was entered by mistake.")


@transaction.atomic
def ask(
    *, user: User, kind: str, from_at: datetime, until_at: datetime, note: str = "", by: User, at: datetime
) -> Leave:
    """Ask for one's own absence `[from_at, until_at)`. It waits for the head.

    Raises EndsBeforeItStarts, TooLong, UnknownKind and Overlapping.
    """
    ensure(by, Permission.LEAVE_ADD)
    if by.pk != user.pk:
        raise NotAllowed
    leave = _add(user, kind, from_at, until_at, note, by)
    leave_news.asked(leave, at=at)
    return leave


@transaction.atomic
def record(
    *, user: User, kind: str, from_at: datetime, until_at: datetime, note: str = "", by: User, at: datetime
) -> Leave:
    """Enter an absence of somebody whom `by` leads, approved at once: a sick note, for example. Raises like `ask`."""
    leave = _add(user, kind, from_at, until_at, note, by, status=LeaveStatus.APPROVED, decided_by=by)
    ensure(by, Permission.LEAVE_DECIDE, leave)
    leave_news.decided(leave, by=by, at=at)
    return leave


@transaction.atomic
def decide(*, leave: Leave, approve: bool, answer: str = "", by: User, at: datetime) -> Leave:
    """Approve or refuse a request; nobody decides his own, and who refuses says why.

    Deciding the same again changes nothing. Raises AnswerMissing and AlreadyDecided.
    """
    ensure(by, Permission.LEAVE_DECIDE, leave)
    decided = LeaveStatus.APPROVED if approve else LeaveStatus.REFUSED
    leave = Leave.objects.select_for_update(of=("self",)).select_related("user").get(pk=leave.pk)
    if leave.status == decided:
        return leave
    if leave.status != LeaveStatus.ASKED:
        raise AlreadyDecided
    if not approve and not answer.strip():
        raise AnswerMissing
    leave.status, leave.answer, leave.decided_by = decided, answer.strip(), by
    leave.save(update_fields=["status", "answer", "decided_by"])
    leave_news.decided(leave, by=by, at=at)
    leave.refresh_from_db()
    return leave


@transaction.atomic
def cancel(*, leave: Leave, by: User, at: datetime) -> Leave:
    """Take a leave back: the person until it is over, whoever leads him at any time. Closed days keep what they knew.

    Cancelling again changes nothing. Raises AlreadyDecided for a refused request and AlreadyOver.
    """
    ensure(by, Permission.LEAVE_VIEW, leave)
    leads = can(by, Permission.LEAVE_DECIDE, leave)
    if by.pk != leave.user_id and not leads:
        raise NotAllowed
    leave = Leave.objects.select_for_update(of=("self",)).select_related("user").get(pk=leave.pk)
    if leave.status == LeaveStatus.CANCELLED:
        return leave
    if leave.status == LeaveStatus.REFUSED:
        raise AlreadyDecided
    if not leads and leave.status == LeaveStatus.APPROVED and leave.until_at <= at:
        raise AlreadyOver
    leave.status = LeaveStatus.CANCELLED
    leave.save(update_fields=["status"])
    leave_news.decided(leave, by=by, at=at)
    leave.refresh_from_db()
    return leave


def _add(
    user: User,
    kind: str,
    from_at: datetime,
    until_at: datetime,
    note: str,
    by: User,
    status: str = LeaveStatus.ASKED,
    decided_by: User | None = None,
) -> Leave:
    if until_at <= from_at:
        raise EndsBeforeItStarts
    if until_at - from_at > LONGEST:
        raise TooLong
    if kind not in LeaveKind.values:
        raise UnknownKind
    User.objects.select_for_update().get(pk=user.pk)  # two requests at once must see each other
    if Leave.objects.filter(user=user, status__in=STANDING).touching(from_at, until_at).exists():
        raise Overlapping
    leave = Leave.objects.create(
        user=user, kind=kind, from_at=from_at, until_at=until_at, note=note.strip(), asked_by=by, status=status,
        decided_by=decided_by,
    )  # fmt: skip
    leave.refresh_from_db()
    return leave
