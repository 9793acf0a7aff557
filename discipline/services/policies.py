"""Until when a team's day must be in, and how far its points count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline.models import Mode, TeamPolicy
from discipline.services.dated import DayClosed, last_closed, put
from discipline.timetable import Timetable

FAR_ENOUGH = 30
"""Within so many days every team has a working day."""


class UnknownZone(Refused):
    code = "unknown_zone"
    field = "zone"
    message = _("There is no such time zone. Choose one of the list, like Europe/Warsaw.")


class UnknownMode(Refused):
    code = "unknown_mode"
    field = "mode"
    message = _("Choose off, trial, soft or live.")


class WindowOpen(Refused):
    """A day whose window is open already keeps its deadline and mode."""

    code = "window_open"
    field = "on"


@transaction.atomic
def set_policy(
    *,
    team: Team,
    by: User,
    at: datetime,
    on: date | None = None,
    deadline: time | None = None,
    zone: str | None = None,
    mode: str | None = None,
    calendar: str | None = None,
) -> TeamPolicy:
    """Say from which day on a team has which deadline, zone, mode and calendar; what is not given stays as it was.

    A team's first policy may begin on any day. Later ones begin with a window that opens after `at`: `on` is by default the
    first such day. Raises WindowOpen, DayClosed, UnknownZone and UnknownMode.
    """
    ensure(by, Permission.RULES_EDIT)
    Team.objects.select_for_update().get(pk=team.pk)
    before = TeamPolicy.objects.filter(team=team).order_by("-starts_on").first()
    asked = {"deadline": deadline, "zone": zone, "mode": mode, "calendar": calendar}
    facts = {name: value for name, value in asked.items() if value is not None}
    _check(zone, mode)
    kept = {name: getattr(before, name) for name in asked} if before else {}
    starts_on = on or (first_free_day(team=team, at=at) if before else local_day(at, zone or by.zone))
    if before is not None and starts_on < (first := first_free_day(team=team, at=at)):
        raise WindowOpen(
            _("This day has begun for the team by its own clock. Choose %(day)s or a later day.") % {"day": first}
        )
    closed = last_closed(team)
    if closed is not None and starts_on <= closed:
        raise DayClosed(closed)
    policy: TeamPolicy = put(
        TeamPolicy.objects.filter(team=team), TeamPolicy(team=team, starts_on=starts_on, **{**kept, **facts})
    )
    return policy


def first_free_day(*, team: Team, at: datetime) -> date:
    """The first day that nobody's open window belongs to: all windows of it and later open at or after `at`."""
    policy = TeamPolicy.objects.filter(team=team).order_by("-starts_on").first()
    today = local_day(at, policy.zone if policy else "UTC")
    timetable = Timetable.of_teams([team.pk], first=today, until=today + timedelta(days=FAR_ENOUGH))
    free = today + timedelta(days=1)
    for ahead in range(FAR_ENOUGH):
        day = today + timedelta(days=ahead)
        windows = timetable.windows(day, team.pk)
        if any(window.opens < at for window in windows):
            free = day + timedelta(days=1)
        elif windows:
            break
    return free


def _check(zone: str | None, mode: str | None) -> None:
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise UnknownZone from None
    if mode is not None and mode not in Mode.values:
        raise UnknownMode
