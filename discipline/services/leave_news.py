"""Who is told about leave: whoever may decide it, and the person once it is decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.models import Membership, Role, Team, User
from crm.when import local_day
from discipline.models import Leave, LeaveStatus
from discipline.spells import Spell
from notifications.services import messages

SEEN = {LeaveStatus.APPROVED, LeaveStatus.REFUSED, LeaveStatus.CANCELLED}


def asked(leave: Leave, *, at: datetime) -> None:
    """Tell those who decide that somebody asks for leave."""
    for recipient in deciders(leave.user, at):
        messages.tell(
            recipient=recipient, kind="leave_asked", key=f"leave:{leave.pk}", at=at, context=_context(leave, recipient),
            url=reverse("discipline:leave-list"),
        )  # fmt: skip


def decided(leave: Leave, *, by: User, at: datetime) -> None:
    """Tell the person how it stands, when somebody else decided it."""
    if by.pk == leave.user_id or leave.status not in SEEN:
        return
    context = {**_context(leave, leave.user), "status": leave.status, "answer": leave.answer, "by": by.full_name}
    messages.tell(
        recipient=leave.user, kind="leave_decided", key=f"leave:{leave.pk}:{leave.status}", at=at, context=context,
        url=reverse("discipline:leave-list"),
    )  # fmt: skip


def deciders(user: User, at: datetime) -> list[User]:
    """The head of the person's team or of the nearest team above; the owners where there is none, or it is himself."""
    membership = Membership.objects.on(local_day(at, user.zone)).filter(user=user).select_related("team").first()
    if membership is not None:
        above = [membership.team.path[:end] for end in range(len(membership.team.path), 0, -1)]
        teams = Team.objects.filter(path__in=above, head__is_active=True).exclude(head=user)
        nearest = max(teams.select_related("head"), key=lambda team: len(team.path), default=None)
        if nearest is not None and nearest.head is not None:
            return [nearest.head]
    return list(User.objects.active().filter(role=Role.OWNER).exclude(pk=user.pk))


def _context(leave: Leave, reader: User) -> dict[str, Any]:
    """Who, what and when, in the reader's language and on the person's clock."""
    with translation.override(reader.language):
        return {
            "who": leave.user.full_name,
            "what": str(leave.get_kind_display()),
            "when": str(Spell.of(leave.from_at, leave.until_at, leave.user.zone)),
            "note": leave.note,
        }
