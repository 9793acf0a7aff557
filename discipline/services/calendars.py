"""Days that differ from the working week."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from discipline.models import CalendarDay, DayKind, TeamDay, TeamPolicy
from discipline.services.dated import DayClosed


@transaction.atomic
def add_day(*, day: date, by: User, kind: str = DayKind.HOLIDAY, name: str = "", calendar: str = "") -> CalendarDay:
    """Approve a day as a holiday or an extra workday in a calendar; saying it again corrects kind and name.

    Raises DayClosed when a team with this calendar has that day, or a later one, closed.
    """
    ensure(by, Permission.RULES_EDIT)
    _check_open(calendar, day)
    facts = {"kind": kind, "name": name, "approved_by": by}
    return CalendarDay.objects.update_or_create(calendar=calendar, day=day, defaults=facts)[0]


@transaction.atomic
def remove_day(*, day: date, by: User, calendar: str = "") -> None:
    """Make a day an ordinary one again. Raises DayClosed like `add_day`."""
    ensure(by, Permission.RULES_EDIT)
    _check_open(calendar, day)
    CalendarDay.objects.filter(calendar=calendar, day=day).delete()


def _check_open(calendar: str, day: date) -> None:
    teams = TeamPolicy.objects.on(day).filter(calendar=calendar).values("team")
    closed = TeamDay.objects.filter(team__in=teams).aggregate(last=Max("day"))["last"]
    if closed is not None and day <= closed:
        raise DayClosed(closed)
