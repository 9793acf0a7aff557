"""Whose records belong to whom: the pieces that the apps build their policy rules from."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from accounts.models.users import UserQuerySet


class Among(Func):
    """`value = ANY(ARRAY(rows))`: the rows are read once and first, and the database expects few of them.

    As `IN (SELECT ...)` beside another condition it expects every second record to fit, and walks all of them.
    """

    template = "(%(expressions)s)"
    arg_joiner = " = ANY"
    output_field = BooleanField()
    conditional = True

    def __init__(self, field: str, rows: QuerySet[Any, Any]) -> None:
        super().__init__(F(field), _Array(rows))


class _Array(ArraySubquery):
    template = "(ARRAY(%(subquery)s))"


def among(field: str, rows: QuerySet[Any, Any]) -> Q:
    """Records whose `field` is one of the keys that `rows`, a query of one column, finds."""
    return Q(Among(field, rows))


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
    return among(field, people_of(user).values("pk"))
