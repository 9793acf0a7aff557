"""Who is scored where, by which rules, on which hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline.models import Assignment, Scheme, Scorecard, TeamDay
from discipline.models.assignments import AssignmentQuerySet
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


class HiredLater(Refused):
    code = "hired_later"
    field = "hired_on"
    message = _("The first workday cannot come after the day from which this holds. Correct one of them.")


class NotScored(Refused):
    code = "not_scored"
    field = "on"
    message = _("Nobody of them is scored on that day. Place them in a team first, or choose a later day.")


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
def change(
    *,
    user: User,
    on: date,
    by: User,
    at: datetime,
    scheme: Scheme,
    workdays: Sequence[int],
    shift_start: time,
    shift_end: time,
    grade: str = "",
    hired_on: date | None = None,
) -> None:
    """Change a person's rules, days and hours from a day on, in the team he is in then and in those planned for later.

    Raises DayClosed, FromTomorrow, NotScored, BadHours, NoWorkdays and HiredLater.
    """
    ensure(by, Permission.RULES_EDIT)
    chosen = sorted(set(workdays))
    if not chosen or not set(chosen) <= set(range(1, 8)):
        raise NoWorkdays
    if shift_start >= shift_end:
        raise BadHours
    if hired_on is not None and hired_on > on:
        raise HiredLater
    facts = {
        "scheme": scheme, "workdays": chosen, "shift_start": shift_start, "shift_end": shift_end, "grade": grade.strip(),
        "hired_on": hired_on,
    }  # fmt: skip
    if not _alter([user.pk], Assignment.objects.all(), on, at, facts):
        raise NotScored


@transaction.atomic
def use_scheme(
    *,
    scheme: Scheme,
    on: date,
    by: User,
    at: datetime,
    team: Team | None = None,
    grade: str = "",
    user: User | None = None,
) -> int:
    """Score by a scheme from a day on: a team, everybody of a grade (in the team when given), or one person; how many people.

    Whoever comes into the team or the grade later keeps the rules he was given. Raises DayClosed, FromTomorrow and NotScored.
    """
    ensure(by, Permission.RULES_EDIT)
    rows = Assignment.objects.all()
    for name, value in {"team": team, "grade": grade, "user": user}.items():
        if value:
            rows = rows.filter(**{name: value})
    people = rows.between(on, date.max).filter(user__is_active=True).values_list("user", flat=True)
    altered = _alter(sorted(set(people)), rows, on, at, {"scheme": scheme})
    if not altered:
        raise NotScored
    return altered


def _alter(people: Sequence[int], rows: AssignmentQuerySet, on: date, at: datetime, facts: dict[str, Any]) -> int:
    """Change these people's rows from a day on; a row that began before is cut there. How many people have such rows."""
    locked = list(User.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    touched = list(rows.filter(user__in=locked).between(on, date.max))
    if not touched:
        return 0
    _check_all(locked, {row.team_id for row in touched}, on, at)
    begun = [row for row in touched if row.starts_on < on]
    Assignment.objects.filter(pk__in=[row.pk for row in begun]).update(ends_on=on)
    for row in begun:
        row.pk, row.starts_on = None, on
    for row in touched:
        for name, value in facts.items():
            setattr(row, name, value)
    Assignment.objects.bulk_create(begun)
    Assignment.objects.bulk_update([row for row in touched if row not in begun], list(facts))
    return len({row.user_id for row in touched})


def _check_all(people: Sequence[User], teams: set[int], on: date, at: datetime) -> None:
    """Like `_check_day`, for many at once."""
    _check_closed(on, Scorecard.objects.filter(user__in=people).aggregate(last=Max("day"))["last"])
    _check_closed(on, TeamDay.objects.filter(team__in=teams).aggregate(last=Max("day"))["last"])
    if on <= max(local_day(at, zone) for zone in {person.zone for person in people}):
        raise FromTomorrow


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
