"""When a report is due: on the recipient's own clock, the last time that has come, so that an outage only makes it later."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from crm.when import local_day, wall
from reports.models import ReportMail, Rhythm

ONE_DAY = timedelta(days=1)
KEPT = timedelta(days=7)
"""So long a report waits for a day on which somebody works; on a daily one the next follows instead."""
LONGEST_WAIT = 62
"""Within so many days every rhythm comes round."""


def falls_on(mail: ReportMail, day: date) -> bool:
    """Whether a day is one of its days. Which days people work is looked at as it is told."""
    if mail.rhythm == Rhythm.WEEKLY:
        return day.isoweekday() == mail.weekday
    if mail.rhythm == Rhythm.MONTHLY:
        return day.day == min(mail.day, monthrange(day.year, day.month)[1])
    return True


def due(mail: ReportMail, zone: str, now: datetime) -> date | None:
    """The day of the last time that has come on clocks in `zone`; None where there is none that still matters."""
    today = local_day(now, zone)
    waits = 0 if mail.rhythm == Rhythm.WORKDAYS else KEPT.days
    days = (today - n * ONE_DAY for n in range(waits + 1))
    found = next((day for day in days if falls_on(mail, day) and wall(day, mail.at, zone) <= now), None)
    return found if found is not None and wall(found, mail.at, zone) > mail.changed_at else None


def coming(mail: ReportMail, zone: str, now: datetime) -> datetime:
    """When it is due next; for daily ones on a day from Monday to Friday, as most people work."""
    today = local_day(now, zone)
    return next(moment for moment in _moments(mail, today, zone) if moment > now)


def _moments(mail: ReportMail, today: date, zone: str) -> Iterator[datetime]:
    for n in range(LONGEST_WAIT + 1):
        day = today + n * ONE_DAY
        works = mail.rhythm != Rhythm.WORKDAYS or day.isoweekday() <= 5
        if works and falls_on(mail, day):
            yield wall(day, mail.at, zone)
