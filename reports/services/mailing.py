"""Telling people that their reports are due. May run twice, late, or several times at once: nobody is told the same twice.

A period of a report is a day on which it was due, on the clock of a zone. Whoever has a day off then is told on his next working day.
Which zones were looked at today is a round, noted once everybody is told: a program that dies leaves the rest to the next.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from accounts.models import Role, User
from crm.when import local_day, wall
from discipline import days_off
from notifications.models import Message
from notifications.services import rounds
from notifications.services.many import Telling, tell_many
from reports.mails import readers, timetable
from reports.mails.contents import is_empty
from reports.mails.words import kept_about
from reports.models import Reading, ReportMail, Rhythm, Screen

log = logging.getLogger(__name__)

DUE, WEEK = "report_due", "owner_week"
AT_ONCE = 50
"""So many people are told in one transaction: of a report that is not sent empty, each one's answer is worked out first."""
MONDAY, EIGHT = 1, time(8, 0)


@dataclass(frozen=True)
class Period:
    """A report due on a day, on the clocks of a zone."""

    kind: str
    mail: ReportMail
    zone: str
    day: date
    today: date

    @property
    def name(self) -> str:
        return f"{self.mail.pk or WEEK} {self.zone} {self.day.isoformat()} {self.today.isoformat()}"

    @property
    def key(self) -> str:
        """The message's: once a report, day and recipient, wherever he has moved to."""
        return f"{self.kind}:{self.mail.pk or 0}:{self.day.isoformat()}"

    @property
    def moment(self) -> datetime:
        return wall(self.day, self.mail.at, self.zone)


def run(*, now: datetime) -> int:
    """Tell what is due at `now`; how many people were told. One report that fails does not keep the others back."""
    due = {(one.kind, one.name): one for one in _due(now)}
    fresh = rounds.fresh(asked=due.keys())
    told = 0
    failures: list[Exception] = []
    for key in sorted(fresh):
        try:
            told += _tell(due[key], now)
        except Exception as failure:
            log.exception("The report by mail %s could not be told.", due[key].name)
            failures.append(failure)
    if failures:
        raise failures[0]
    return told


def _due(now: datetime) -> Iterator[Period]:
    """What has come due in each zone in which people are: four statements."""
    zones = sorted(set(User.objects.active().values_list("zone", flat=True)))
    mails = ReportMail.objects.filter(active=True, user__is_active=True).select_related("report", "user")
    plans = [*((DUE, mail) for mail in mails.prefetch_related("recipients")), *((WEEK, mail) for mail in _built_in())]
    for kind, mail in plans:
        for zone in zones:
            day = timetable.due(mail, zone, now)
            if day is not None:
                yield Period(kind, mail, zone, day, local_day(now, zone))


def _built_in() -> list[ReportMail]:
    """The owners' week, which nobody has to set up: from the first reading that was kept on."""
    first = Reading.objects.filter(kept=True).order_by("day").first()
    if first is None:
        return []
    return [
        ReportMail(
            screen=Screen.COMPANY,
            rhythm=Rhythm.WEEKLY,
            weekday=MONDAY,
            at=EIGHT,
            with_excel=True,
            changed_at=first.moment,
        )
    ]


def _tell(period: Period, now: datetime) -> int:
    told, waiting = 0, _to_tell(period, now)
    for start in range(0, len(waiting), AT_ONCE):
        people = waiting[start : start + AT_ONCE]
        told += tell_many(kind=period.kind, tellings=_tellings(period, _with_news(period, people)), at=now)
    rounds.begin(kind=period.kind, periods=[period.name], at=now)
    return told


def _to_tell(period: Period, now: datetime) -> list[User]:
    """Who gets it in this zone, works today, may open it, and has not been told."""
    people = _listed(period).filter(zone=period.zone)
    told = Message.objects.filter(key=period.key, recipient__in=people.values("pk")).values("recipient")
    waiting = list(people.exclude(pk__in=told))
    away = days_off.off(waiting, now)
    return readers.sorted_out(period.mail, [person for person in waiting if person.pk not in away]).may


def _with_news(period: Period, people: Sequence[User]) -> list[User]:
    """All of them, or those for whom there is something in it."""
    mail = period.mail
    return [one for one in people if not (mail.skip_empty and is_empty(mail, one, period.moment))]


def _listed(period: Period) -> QuerySet[User]:
    if period.kind == WEEK:
        return User.objects.active().filter(role=Role.OWNER).by_name()
    return readers.listed(period.mail)


def _tellings(period: Period, people: Sequence[User]) -> list[Telling]:
    about = kept_about(period.mail, moment=period.moment, zone=period.zone)
    return [Telling(recipient_id=person.pk, key=period.key, **about) for person in people]
