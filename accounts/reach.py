"""Whose records belong to whom: the pieces that the apps build their policy rules from."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from accounts.models.users import UserQuerySet


def teams_of(head: Any) -> QuerySet[Team]:
    """The teams that a head leads, with everything below them."""
    return Team.objects.under(Team.objects.filter(head=head))


def people_of(user: Any) -> UserQuerySet:
    """The people whose work somebody sees by his role: owner and admin everybody, head his subtree and himself, others himself."""
    everybody: UserQuerySet = User.objects.get_queryset()
    if user.role in (Role.OWNER, Role.ADMIN):
        return everybody
    if user.role == Role.HEAD:
        members = Membership.objects.on(timezone.localdate()).filter(team__in=teams_of(user))
        return everybody.filter(Q(pk=user.pk) | Q(pk__in=members.values("user")))
    return everybody.filter(pk=user.pk)


def belongs_to_people_of(user: Any, field: str) -> Q:
    """Records whose `field` (a person) is somebody that `user` sees by role."""
    if user.role == Role.MANAGER:
        return Q(**{field: user.pk})
    if user.role == Role.OWNER:
        return Q()
    return Q(**{f"{field}__in": people_of(user).values("pk")})
