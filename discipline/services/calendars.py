"""Days that differ from the working week: holidays of a country, short days, extra workdays. What is over stays as it was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline import public_holidays
from discipline.models import CalendarDay, DayKind, TeamDay, TeamPolicy
from discipline.services.dated import DayClosed

LONGEST_NAME = 80


class UnknownDayKind(Refused):
    code = "unknown_kind"
    field = "kind"
    message = _("Choose holiday, short day or extra workday.")


class EndMissing(Refused):
    code = "end_missing"
    field = "ends_at"
    message = _("Say when work ends on the short day.")


class DayBegun(Refused):
    """Nobody's running day gets longer or shorter by the calendar."""

    code = "day_begun"
    field = "day"
    message = _("That day has begun or is over. Choose tomorrow or a later day; for today a deadline can be shifted.")


class NotApproved(Refused):
    code = "not_approved"
    field = "approved"
    message = _(
        "A day that is brought in is approved with it: write 1. Days to be approved later come from the list of holidays."
    )


class UnknownCountry(Refused):
    code = "unknown_country"
    field = "country"
    message = _("Holidays of this country are not known. Choose one of the list, or add the days yourself.")


class YearTooFar(Refused):
    code = "year_too_far"
    field = "year"
    message = _("Choose this year or one of the next two.")


@transaction.atomic
def add_day(
    *,
    day: date,
    by: User,
    kind: str = DayKind.HOLIDAY,
    name: str = "",
    calendar: str = "",
    ends_at: time | None = None,
    at: datetime | None = None,
) -> CalendarDay:
    """Approve a day as a holiday, a short day that ends at `ends_at`, or an extra workday; what stood there before gives way.

    With `at`, only days that have not begun change; today may still become a holiday. Raises DayClosed when a team with this
    calendar has that day, or a later one, closed; DayBegun, UnknownDayKind and EndMissing.
    """
    ensure(by, Permission.RULES_EDIT)
    if kind not in DayKind.values:
        raise UnknownDayKind
    if kind == DayKind.SHORT and ends_at is None:
        raise EndMissing
    _check_open(calendar, day)
    _check_ahead(day, by, at, also_today=kind == DayKind.HOLIDAY)
    facts = {"kind": kind, "name": name.strip(), "ends_at": ends_at if kind == DayKind.SHORT else None}
    there = _standing(calendar, day)
    if there is not None and there.approved_by_id and all(getattr(there, key) == value for key, value in facts.items()):
        return there
    _take_out(there)
    return CalendarDay.objects.create(calendar=calendar, day=day, approved_by=by, **facts)


@transaction.atomic
def remove_day(*, day: date, by: User, calendar: str = "", at: datetime | None = None) -> None:
    """Make a day an ordinary one again. Raises DayClosed and DayBegun like `add_day`; what nobody approved goes at any time."""
    ensure(by, Permission.RULES_EDIT)
    there = _standing(calendar, day)
    if there is None or there.approved_by_id:
        _check_open(calendar, day)
        _check_ahead(day, by, at)
    _take_out(there)


@transaction.atomic
def bring_in(*, country: str, year: int, calendar: str = "", by: User, at: datetime) -> list[CalendarDay]:
    """Put a country's public holidays of a year that are still ahead into a calendar, for somebody to approve; the rows added.

    Nothing is scored by them before that. Days that the calendar has already stay. Raises UnknownCountry and YearTooFar.
    """
    ensure(by, Permission.RULES_EDIT)
    today = local_day(at, by.zone)
    if not today.year <= year <= today.year + 2:
        raise YearTooFar
    known = public_holidays.of_year(country, year, by.language)
    if known is None:
        raise UnknownCountry
    there = set(CalendarDay.objects.standing().filter(calendar=calendar).values_list("day", flat=True))
    return CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, day=day, name=name[:LONGEST_NAME])
        for day, name in known.items()
        if day > today and day not in there
    )


@transaction.atomic
def approve(*, calendar: str, by: User, at: datetime, day: date | None = None) -> int:
    """Approve a waiting day of a calendar, or all that are still ahead; how many. Doing it again changes nothing."""
    ensure(by, Permission.RULES_EDIT)
    waiting = CalendarDay.objects.waiting().filter(calendar=calendar)
    if day is not None:
        waiting = waiting.filter(day=day)
        if waiting.exists():
            _check_ahead(day, by, at)
    count = 0
    for row in waiting.filter(day__gt=local_day(at, by.zone)).select_for_update():
        _check_open(calendar, row.day)
        row.approved_by = by
        row.save(update_fields=["approved_by"])
        count += 1
    return count


def _standing(calendar: str, day: date) -> CalendarDay | None:
    return CalendarDay.objects.standing().select_for_update().filter(calendar=calendar, day=day).first()


def _take_out(row: CalendarDay | None) -> None:
    if row is not None:
        row.removed = True
        row.save(update_fields=["removed"])


def _check_open(calendar: str, day: date) -> None:
    teams = TeamPolicy.objects.on(day).filter(calendar=calendar).values("team")
    closed = TeamDay.objects.filter(team__in=teams).aggregate(last=Max("day"))["last"]
    if closed is not None and day <= closed:
        raise DayClosed(closed, field="day")


def _check_ahead(day: date, by: User, at: datetime | None, *, also_today: bool = False) -> None:
    if at is None:
        return
    today = local_day(at, by.zone)
    if day < (today if also_today else today + timedelta(days=1)):
        raise DayBegun
