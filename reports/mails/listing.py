"""Somebody's reports by mail as a page lists them: a fixed number of statements, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts import formats
from accounts.models import Role, User
from reports.mails import readers, timetable, words
from reports.models import ReportMail


@dataclass(frozen=True, kw_only=True)
class Row:
    """One report by mail, in words. `gets` are the people who get it, `shut_out` the names of those who may not open it."""

    mail: ReportMail
    title: str
    when: str
    to: str
    gets: int
    shut_out: list[str]
    next: str


def read(user: User, now: datetime) -> list[Row]:
    """All of somebody's: five statements."""
    mails = ReportMail.objects.visible_to(user).select_related("report", "user")
    found = list(mails.prefetch_related("recipients__person", "report__shares"))
    people = _people(found)
    return [_row(mail, [one for one in people if _is_listed(mail, one)], now, user) for mail in found]


def row(mail: ReportMail, now: datetime, user: User) -> Row:
    """One of them."""
    return _row(mail, list(readers.listed(mail)), now, user)


def _people(mails: Sequence[ReportMail]) -> list[User]:
    """Everybody on any of the lists: one statement."""
    named = [one for mail in mails for one in mail.recipients.all()]
    roles = {one.role for one in named if one.role}
    keys = {one.person_id for one in named if one.person_id}
    return list(User.objects.active().filter(Q(role__in=roles) | Q(pk__in=keys)).by_name()) if named else []


def _is_listed(mail: ReportMail, person: User) -> bool:
    return any(one.person_id == person.pk or (one.role and one.role == person.role) for one in mail.recipients.all())


def _row(mail: ReportMail, people: Sequence[User], now: datetime, user: User) -> Row:
    found = readers.sorted_out(mail, people)
    coming = timetable.coming(mail, user.zone, now)
    named = list(mail.recipients.all())
    roles = [str(Role(one.role).label) for one in named if one.role]
    return Row(
        mail=mail,
        title=words.title(mail),
        when=words.rhythm(mail),
        to=", ".join([*roles, *sorted(one.person.full_name for one in named if one.person)]),
        gets=len(found.may),
        shut_out=[one.full_name for one in found.may_not],
        next=formats.when(coming, now=now) if mail.active else "",
    )
