"""Reports that come by themselves: set up, changed, paused, removed, and sent once to try them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import can, ensure, holds
from accounts.refusals import NotAllowed, Refused
from notifications.models import Message
from notifications.services.messages import tell
from reports.mails.readers import SCREENS
from reports.mails.words import kept_about
from reports.models import Report, ReportMail, ReportMailRecipient, Rhythm, Screen

MOST = 50
TRIED = "report_now"
"""The kind of a letter that somebody asked for to see it; it goes out at once."""


class NobodyToMail(Refused):
    code = "nobody_to_mail"
    field = "people"
    message = _("Choose who gets it: everybody in a role, or single people.")


class NothingToMail(Refused):
    code = "nothing_to_mail"
    field = "what"
    message = _("Choose what is to be sent: a screen, or one of the reports that you may open.")


class TooManyMails(Refused):
    code = "too_many_mails"
    message = _("You have set up as many reports by mail as fit. Remove one first.")


@transaction.atomic
def put(
    *,
    mail: ReportMail | None = None,
    report: Report | None = None,
    screen: str = "",
    rhythm: str,
    hour: time,
    weekday: int = 1,
    day: int = 1,
    roles: Collection[str] = (),
    people: Collection[User] = (),
    with_excel: bool = True,
    with_pdf: bool = False,
    skip_empty: bool = False,
    by: User,
    at: datetime,
) -> ReportMail:
    """Have a report or a screen mailed from its next time on, or change a `mail` of one's own: what is over is not sent again.

    Raises NothingToMail, NobodyToMail, TooManyMails.
    """
    mail = _own(mail, by) if mail else _new(by)
    mail.report, mail.screen = _what(report, screen, by)
    mail.rhythm, mail.at, mail.weekday, mail.day = Rhythm(rhythm), hour, weekday, day
    mail.with_excel, mail.with_pdf, mail.skip_empty = with_excel, with_pdf, skip_empty
    mail.changed_at = at
    mail.save()
    _address(mail, roles, people, by)
    return mail


@transaction.atomic
def pause(*, mail: ReportMail, by: User, at: datetime) -> ReportMail:
    """Send nothing until it goes on."""
    return _switch(_own(mail, by), False, at)


@transaction.atomic
def resume(*, mail: ReportMail, by: User, at: datetime) -> ReportMail:
    """Go on with the next time; what was due in the pause is not sent."""
    return _switch(_own(mail, by), True, at)


@transaction.atomic
def delete(*, mail: ReportMail, by: User, at: datetime) -> ReportMail:
    """Send it no more; as it was. What is waiting to go out is withdrawn as it goes."""
    mail = _own(mail, by)
    mail.delete()
    return mail


@transaction.atomic
def send_now(*, mail: ReportMail, by: User, at: datetime) -> Message | None:
    """Send it to oneself at once, as it would come: the others get nothing."""
    mail = _own(mail, by)
    about = kept_about(mail, moment=at, zone=by.zone)
    return tell(recipient=by, kind=TRIED, key=f"report_now:{mail.pk}:{at.isoformat()}", at=at, **about)


def _own(mail: ReportMail, by: User) -> ReportMail:
    ensure(by, Permission.REPORT_MAIL, mail)
    return ReportMail.objects.select_for_update().get(pk=mail.pk)


def _switch(mail: ReportMail, active: bool, at: datetime) -> ReportMail:
    if mail.active != active:
        mail.active, mail.changed_at = active, at
        mail.save(update_fields=["active", "changed_at"])
    return mail


def _new(by: User) -> ReportMail:
    ensure(by, Permission.REPORT_MAIL)
    if ReportMail.objects.filter(user=by).count() >= MOST:
        raise TooManyMails
    return ReportMail(user=by)


def _what(report: Report | None, screen: str, by: User) -> tuple[Report | None, str]:
    """What is mailed: one of both, and only what the person opens himself."""
    if (report is None) == (screen == "") or (screen and screen not in Screen.values):
        raise NothingToMail
    opens = can(by, Permission.REPORT_VIEW, report) if report else holds(by, SCREENS[Screen(screen)])
    if not opens:
        raise NotAllowed
    return report, screen


def _address(mail: ReportMail, roles: Collection[str], people: Collection[User], by: User) -> None:
    """Exactly these get it; people are those whom the person sees."""
    seen = User.objects.visible_to(by).active().filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True)
    wanted: set[tuple[str, int | None]] = {(role, None) for role in roles if role in Role.values}
    wanted |= {("", pk) for pk in seen}
    if not wanted:
        raise NobodyToMail
    kept = {(one.role, one.person_id): one for one in mail.recipients.all()}
    for gone in kept.keys() - wanted:
        kept[gone].delete()
    ReportMailRecipient.objects.bulk_create(
        ReportMailRecipient(mail=mail, role=role, person_id=person) for role, person in wanted - kept.keys()
    )
