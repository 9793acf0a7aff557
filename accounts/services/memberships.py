"""Who belongs to which team from which day on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import EventKind, Membership, Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from accounts.services import events


class PlacedLater(Refused):
    """The person has been placed for a later day already; the days before it are settled."""

    field = "on"
    code = "placed_later"


@transaction.atomic
def place(*, user: User, team: Team, on: date, by: User) -> Membership:
    """Put a person into `team` from the day `on`; the team before it ends there. The same again does nothing.

    Whole days: what happened on an earlier day stays with the earlier team. Raises PlacedLater.
    """
    ensure(by, Permission.PEOPLE_EDIT, user)
    User.objects.select_for_update().get(pk=user.pk)
    latest = Membership.objects.filter(user=user).select_related("team").order_by("-starts_on").first()
    if latest and latest.starts_on > on:
        raise PlacedLater(_say_later(user, latest))
    if latest and latest.ends_on is None and latest.team_id == team.pk:
        return latest
    placed = _replace(latest, team) if latest and latest.starts_on == on else _follow(latest, user, team, on)
    before = latest.team.name if latest else ""
    detail = {"on": on.isoformat(), "team": [before, team.name]}
    events.leave(kind=EventKind.PLACED, by=by, person=user, team=team, detail=detail)
    return placed


def _say_later(user: User, latest: Membership) -> str:
    return _("%(name)s moves to %(team)s on %(day)s. Choose that day or a later one.") % {
        "name": user.full_name,
        "team": latest.team.name,
        "day": date_format(latest.starts_on, "j N Y"),
    }


def _replace(membership: Membership, team: Team) -> Membership:
    """The same day, another team: nothing of the earlier choice was ever in force for a whole day."""
    Membership.objects.filter(pk=membership.pk).update(team=team, ends_on=None)
    return Membership.objects.get(pk=membership.pk)


def _follow(latest: Membership | None, user: User, team: Team, on: date) -> Membership:
    if latest and latest.ends_on is None:
        Membership.objects.filter(pk=latest.pk).update(ends_on=on)
    return Membership.objects.create(user=user, team=team, starts_on=on)
