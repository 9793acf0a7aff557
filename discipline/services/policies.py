"""Until when a team's day must be in, and how far its points count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import EventKind, Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused, Warned
from accounts.services import events
from crm.when import local_day
from discipline import gate
from discipline.models import Mode, TeamPolicy
from discipline.services.dated import DayClosed, last_closed, put
from discipline.timetable import Timetable

LONGEST_NAME = 40
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


class BadCalendar(Refused):
    code = "bad_calendar"
    field = "calendar"
    message = _("Name the calendar in at most 40 characters, or choose one of the list.")


class GateNotPassed(Warned):
    """Points should count only for a team that is ready; a person may decide otherwise."""

    code = "gate_not_passed"
    field = "mode"

    def __init__(self, missing: list[gate.Check]) -> None:
        self.missing = missing
        said = ngettext(
            "%(n)s point of the checklist is open. See to it first, or go live all the same.",
            "%(n)s points of the checklist are open. See to them first, or go live all the same.",
            len(missing),
        )
        super().__init__(said % {"n": len(missing)})


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
    overridden: bool = False,
) -> TeamPolicy:
    """Say from which day on a team has which deadline, zone, mode and calendar; what is not given stays as it was.

    A team's first policy may begin on any day. Later ones begin with a window that opens after `at`: `on` is by default the
    first such day. A team that has been scored goes live through the gate: open points of its checklist warn with GateNotPassed.
    A change of mode leaves an event with the points that were overridden. Raises WindowOpen, DayClosed, UnknownZone, UnknownMode
    and BadCalendar.
    """
    ensure(by, Permission.RULES_EDIT)
    Team.objects.select_for_update().get(pk=team.pk)
    before = TeamPolicy.objects.filter(team=team).order_by("-starts_on").first()
    asked = {"deadline": deadline, "zone": zone, "mode": mode, "calendar": calendar}
    facts = {name: value for name, value in asked.items() if value is not None}
    _check(zone, mode, calendar)
    missing = _open_points(team, before, mode, at)
    if missing and not overridden:
        raise GateNotPassed(missing)
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
    _leave_event(policy, before, missing, by)
    return policy


def _open_points(team: Team, before: TeamPolicy | None, mode: str | None, at: datetime) -> list[gate.Check]:
    """What is still missing for a team that is to go live; nothing for one that is live, or only begins."""
    if mode != Mode.LIVE or before is None or before.mode == Mode.LIVE:
        return []
    return [check for check in gate.checklist(team, at) if not check.done]


def _leave_event(policy: TeamPolicy, before: TeamPolicy | None, missing: list[gate.Check], by: User) -> None:
    if before is None or before.mode == policy.mode:
        return
    detail = {"mode": [before.mode, policy.mode], "on": policy.starts_on.isoformat()}
    if missing:
        detail["overridden"] = [check.key for check in missing]
    events.leave(kind=EventKind.MODE, by=by, team=policy.team, detail=detail)


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


def _check(zone: str | None, mode: str | None, calendar: str | None) -> None:
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise UnknownZone from None
    if mode is not None and mode not in Mode.values:
        raise UnknownMode
    if calendar is not None and len(calendar) > LONGEST_NAME:
        raise BadCalendar
