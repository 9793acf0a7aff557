"""Who hears of a complaint at once: who is to answer it, and his head."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.models import Membership, Team, User
from accounts.permissions import Permission
from accounts.policy import can
from crm.models import Complaint
from crm.when import day_or_moment, local_day
from notifications.services import messages

VIP = "VIP"
"""The tag of clients whose complaints wake people: their message goes out whatever the hour."""


def tell(complaint: Complaint, *, by: User, at: datetime) -> None:
    """Tell the owner and his head, but for who entered it and who may not see it; once each, however often it changes hands."""
    vip = complaint.company.tags.filter(name__iexact=VIP).exists()
    meant = day_or_moment(complaint.due_at, complaint.owner.zone)
    context = {
        "company": complaint.company.name,
        "subject": complaint.subject,
        "kind": complaint.kind,
        "by": by.full_name,
        "owner": complaint.owner.full_name,
        "day" if not isinstance(meant, datetime) else "due_at": meant,
    }
    for reader in (complaint.owner, head_of(complaint.owner, at)):
        if reader is None or reader.pk == by.pk or not can(reader, Permission.COMPLAINT_VIEW, complaint):
            continue
        messages.tell(
            recipient=reader, kind="complaint_vip" if vip else "complaint", key=f"complaint:{complaint.pk}", at=at,
            context=context, url=reverse("crm:complaint", args=[complaint.pk]),
        )  # fmt: skip


def head_of(person: User, at: datetime) -> User | None:
    """The head of somebody's team, or of the nearest team above that another person leads."""
    membership = Membership.objects.on(local_day(at, person.zone)).filter(user=person).select_related("team").first()
    if membership is None:
        return None
    above = [membership.team.path[:end] for end in range(len(membership.team.path), 0, -1)]
    teams = Team.objects.filter(path__in=above, head__is_active=True).exclude(head=person).select_related("head")
    nearest = max(teams, key=lambda team: len(team.path), default=None)
    return nearest.head if nearest is not None else None
