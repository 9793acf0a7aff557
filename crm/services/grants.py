"""The coordinator's access to clients and deals: for some hours, with a reason, and the owners are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import NotAllowed, Refused
from crm.models import Grant
from notifications.services import messages

LONGEST = 8  # hours; a working day
SHORTEST_REASON = 10  # characters; "test" is no reason


class ReasonMissing(Refused):
    message = _("Say why you need the clients' data: the owners will read it.")
    field = "reason"
    code = "reason_missing"


class TooLong(Refused):
    message = _("Access lasts from one to eight hours. Take it again when that was not enough.")
    field = "hours"
    code = "too_long"


class InForce(Refused):
    message = _("You have access already. End it first, if you want to give another reason.")
    code = "in_force"


@transaction.atomic
def take(*, by: User, at: datetime, reason: str, hours: int) -> Grant:
    """Open clients and deals for `by` for some hours, and tell every owner. Raises ReasonMissing, TooLong, InForce."""
    ensure(by, Permission.GRANT_TAKE)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing
    if not 1 <= hours <= LONGEST:
        raise TooLong
    User.objects.select_for_update().get(pk=by.pk)
    if Grant.objects.in_force(at).filter(user=by).exists():
        raise InForce
    grant = Grant.objects.create(user=by, reason=reason, starts_at=at, ends_at=at + timedelta(hours=hours))
    _tell_owners(grant, at)
    return grant


@transaction.atomic
def end(*, grant: Grant, by: User, at: datetime) -> Grant:
    """Give the access back before its time; one that is over stays as it is."""
    ensure(by, Permission.GRANT_TAKE, grant)
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    if grant.user_id != by.pk:
        raise NotAllowed
    if grant.starts_at < at < grant.ends_at:
        grant.ends_at = at
        grant.save(update_fields=["ends_at"])
    return grant


def _tell_owners(grant: Grant, at: datetime) -> None:
    context = {"who": grant.user.full_name, "reason": grant.reason, "until": grant.ends_at}
    for owner in User.objects.active().filter(role=Role.OWNER):
        messages.tell(
            recipient=owner,
            kind="grant_taken",
            key=f"grant:{grant.pk}",
            at=at,
            context=context,
            url=reverse("crm:grant"),
        )
