"""What each letter holds, asked as it is written: the relay calls `enclose` in the recipient's language and zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from notifications import attachments
from notifications.attachments import Enclosed, NotForHim
from notifications.models import Message
from reports.mails import company, control, paper, readers, report, team, words
from reports.mails.letter import Letter
from reports.models import ReportMail, Screen
from reports.services import mailed


def register_all() -> None:
    """Called once the apps are ready."""
    for kind in ("report_due", "report_now", "owner_week"):
        attachments.register(kind, enclose)
    attachments.register("team_morning", enclose_morning)


def enclose(message: Message, reader: User) -> Enclosed:
    """The letter of a report by mail. Raises NotForHim when it is gone, or not his to open any more."""
    mail = _mail(message)
    if not readers.may_open(mail, reader):
        raise NotForHim
    moment = datetime.fromisoformat(message.context["moment"])
    return _sealed(letter(mail, reader, moment), message, reader, moment)


def enclose_morning(message: Message, reader: User) -> Enclosed:
    """What the head's morning digest brings along beside its own words. Raises NotForHim for who leads nobody any more."""
    if not holds(reader, Permission.TEAM_DAY_VIEW):
        raise NotForHim
    moment = message.created_at
    made = Letter(parts=team.parts(reader, moment), files=control.workbook(reader, moment))
    return _sealed(made, message, reader, moment)


def letter(mail: ReportMail, reader: User, moment: datetime) -> Letter:
    """What somebody gets of a report that was due at `moment`."""
    if mail.report is not None:
        return report.letter(mail, reader, moment)
    if mail.screen == Screen.COMPANY:
        return company.letter(reader, moment, with_excel=mail.with_excel, with_pdf=mail.with_pdf)
    read = team.letter if mail.screen == Screen.MORNING else control.letter
    made = read(reader, moment, with_excel=mail.with_excel)
    on_paper = [paper.pdf(words.title(mail), reader, made, moment)] if mail.with_pdf else []
    return replace(made, files=[*made.files, *on_paper])


def _sealed(made: Letter, message: Message, reader: User, moment: datetime) -> Enclosed:
    if made.files:
        what = message.context.get("name") or message.context.get("screen") or message.kind
        mailed.take(what=what, files=[one.name for one in made.files], by=reader, at=moment)
    return made.enclosed()


def is_empty(mail: ReportMail, reader: User, moment: datetime) -> bool:
    """Whether there is nothing in it for somebody. Screens always have something to say."""
    if mail.report is None:
        return False
    try:
        answer = report.opened(mail, reader, moment).answer
        return answer is None or answer.is_empty
    except NotForHim:
        return True


def _mail(message: Message) -> ReportMail:
    """What a message is about; the owners' week stands in no row."""
    pk = message.context["mail"]
    if pk is None:
        return ReportMail(screen=message.context["screen"])
    found = ReportMail.objects.select_related("report").filter(pk=pk).first()
    if found is None:
        raise NotForHim
    return found
