"""Who is scored where, by which rules, on which hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline.models import Assignment, Scheme, Scorecard
from discipline.models.calendars import working_week
from discipline.services.dated import DayClosed, last_closed, put


class BadHours(Refused):
    code = "bad_hours"
    field = "shift_end"
    message = _("A shift ends after it begins, on the same day. Correct the hours.")


class NoWorkdays(Refused):
    code = "no_workdays"
    field = "workdays"
    message = _("Choose at least one day of the week.")


class FromTomorrow(Refused):
    """A day that has begun keeps its team and hours."""

    code = "from_tomorrow"
    field = "on"
    message = _("Today has begun under the present team and hours. Choose tomorrow or a later day.")


@transaction.atomic
def assign(
    *,
    user: User,
    team: Team,
    scheme: Scheme,
    on: date,
    by: User,
    workdays: Sequence[int] = (),
    shift_start: time = time(9, 0),
    shift_end: time = time(18, 0),
    at: datetime | None = None,
    hired_on: date | None = None,
    grade: str = "",
) -> Assignment:
    """Score a person in a team by a scheme from a whole local day on; `workdays` are ISO weekdays, by default Monday to Friday.

    Somebody with `hired_on` starts gently, on trial first. With `at`, somebody who is scored already may change from tomorrow on only. Raises DayClosed for a day that is closed for him
    or the team, FromTomorrow, BadHours and NoWorkdays.
    """
    ensure(by, Permission.RULES_EDIT)
    chosen = sorted(set(workdays)) or working_week()
    if not set(chosen) <= set(range(1, 8)):
        raise NoWorkdays
    if shift_start >= shift_end:
        raise BadHours
    User.objects.select_for_update().get(pk=user.pk)
    _check_day(user, team, on, at)
    return put(
        Assignment.objects.filter(user=user),
        Assignment(
            user=user,
            team=team,
            scheme=scheme,
            starts_on=on,
            workdays=chosen,
            shift_start=shift_start,
            shift_end=shift_end,
            hired_on=hired_on,
            grade=grade,
        ),
    )


@transaction.atomic
def end(*, user: User, on: date, by: User) -> None:
    """Score a person no more from a day on; nothing happens for somebody who is not scored."""
    ensure(by, Permission.RULES_EDIT)
    User.objects.select_for_update().get(pk=user.pk)
    _check_closed(on, Scorecard.objects.filter(user=user).aggregate(last=Max("day"))["last"])
    rows = Assignment.objects.filter(user=user)
    rows.filter(starts_on__gte=on).delete()
    rows.on(on).update(ends_on=on)


def _check_day(user: User, team: Team, on: date, at: datetime | None) -> None:
    _check_closed(on, Scorecard.objects.filter(user=user).aggregate(last=Max("day"))["last"])
    _check_closed(on, last_closed(team))
    if at is not None and on <= local_day(at, user.zone) and Assignment.objects.filter(user=user).on(on).exists():
        raise FromTomorrow


def _check_closed(on: date, closed: date | None) -> None:
    if closed is not None and on <= closed:
        raise DayClosed(closed)
