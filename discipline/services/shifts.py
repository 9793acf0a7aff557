"""Another deadline for a team's single day: later while the day runs, earlier only before it begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import can, ensure
from accounts.reach import teams_of
from accounts.refusals import NotAllowed, Refused
from accounts.roles import Role
from crm import when
from discipline.models import Assignment, DeadlineShift
from discipline.services.dated import last_closed
from discipline.timetable import Timetable
from notifications.services.many import Telling, tell_many

FURTHEST = timedelta(days=366)


class ReasonMissing(Refused):
    code = "reason_missing"
    field = "reason"
    message = _("Say why: everybody in the team will read it.")


class NoDeadlineYet(Refused):
    code = "no_deadline"
    field = "day"
    message = _("The team has no deadline on that day. Give it one first, then shift it.")


class TooFarAhead(Refused):
    code = "too_far_ahead"
    field = "day"
    message = _("Choose a day within a year.")


class DayOver(Refused):
    """Nothing that a closed window followed from may change."""

    code = "day_over"
    field = "day"
    message = _("That day's deadline has passed. Choose today before the deadline, or a later day.")


class TooEarly(Refused):
    """Nobody's running day gets shorter."""

    code = "earlier_too_late"
    field = "deadline"
    message = _("People are working towards this deadline already, so it can only move later. Choose a later time.")


class SameDeadline(Refused):
    code = "same_deadline"
    field = "deadline"
    message = _("That is the deadline of the day already. Choose another time.")


def may_shift(user: User, team: Team) -> bool:
    """The coordinator for every team, a head for his."""
    if not can(user, Permission.DEADLINE_SHIFT):
        return False
    return user.role != Role.HEAD or teams_of(user).filter(pk=team.pk).exists()


@transaction.atomic
def shift(*, team: Team, day: date, deadline: time, reason: str, by: User, at: datetime) -> DeadlineShift:
    """Give a team another deadline on one day, a wall time in its zone; everybody's cut-off moves with it.

    Later is possible until the day's cut-off, earlier only before anybody's window of that day has opened. A wall time that the clock
    skips is read as the later one. Raises ReasonMissing, NoDeadlineYet, TooFarAhead, DayOver, TooEarly and SameDeadline.
    """
    ensure(by, Permission.DEADLINE_SHIFT)
    if not may_shift(by, team):
        raise NotAllowed
    Team.objects.select_for_update().get(pk=team.pk)
    if not reason.strip():
        raise ReasonMissing
    if day - when.local_day(at, "UTC") > FURTHEST:
        raise TooFarAhead
    timetable = Timetable.of_teams([team.pk], first=day, until=day)
    present, asked = timetable.teams.deadline(team.pk, day), timetable.teams.deadline(team.pk, day, deadline)
    if present is None or asked is None:
        raise NoDeadlineYet
    closed = last_closed(team)
    if present <= at or (closed is not None and day <= closed):
        raise DayOver
    if asked == present:
        raise SameDeadline
    if asked < present and any(window.opens < at for window in timetable.windows(day, team.pk)):
        raise TooEarly
    made: DeadlineShift = DeadlineShift.objects.create(
        team=team, day=day, deadline=deadline, reason=reason.strip(), decided_by=by
    )
    made.refresh_from_db()
    _tell_team(made, at)
    return made


def _tell_team(shift: DeadlineShift, at: datetime) -> None:
    """Tell everybody who is scored in the team on that day."""
    people = Assignment.objects.on(shift.day).filter(team=shift.team).values_list("user", flat=True)
    context = {
        "day": shift.day.isoformat(), "deadline": f"{shift.deadline:%H:%M}", "reason": shift.reason,
        "by": shift.decided_by.full_name,
    }  # fmt: skip
    tellings = [
        Telling(recipient_id=pk, key=f"shift:{shift.pk}", context=context, url=reverse("discipline:calendar"))
        for pk in people
    ]
    tell_many(kind="deadline_shifted", tellings=tellings, at=at)
