"""How a report by mail is called: its title, its timetable, and what a message keeps of it until its letter is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.when import local_day
from reports.models import ReportMail, Rhythm, Screen


def title(mail: ReportMail) -> str:
    """The name of the report or of the screen."""
    return mail.report.name if mail.report else capfirst(str(Screen(mail.screen).label))


def rhythm(mail: ReportMail) -> str:
    """ "Every Monday at 08:00"."""
    hour = f"{mail.at:%H:%M}"
    if mail.rhythm == Rhythm.WEEKLY:
        return _("Every week on %(weekday)s at %(hour)s") % {"weekday": WEEKDAYS[mail.weekday - 1], "hour": hour}
    if mail.rhythm == Rhythm.MONTHLY:
        return _("Every month on the %(day)s at %(hour)s") % {"day": _ordinal(mail.day), "hour": hour}
    return _("Every working day at %(hour)s") % {"hour": hour}


def page(mail: ReportMail, moment: datetime, zone: str) -> str:
    """Where the reader finds the same on the screen."""
    if mail.report_id:
        return reverse("reports:report", args=[mail.report_id])
    if mail.screen == Screen.COMPANY:
        return f"{reverse('reports:company')}?day={local_day(moment, zone).isoformat()}"
    return reverse("reports:morning" if mail.screen == Screen.MORNING else "reports:control-table")


def kept_about(mail: ReportMail, *, moment: datetime, zone: str) -> dict[str, Any]:
    """What a message keeps: which report as of when. Its figures are read as the letter is written, in the reader's reach."""
    context = {
        "mail": mail.pk,
        "name": mail.report.name if mail.report else "",
        "screen": mail.screen,
        "moment": moment,
        "day": local_day(moment, zone),
        "by": mail.user.full_name if mail.user_id else "",
    }
    return {"context": context, "url": page(mail, moment, zone)}


def _ordinal(day: int) -> str:
    return _("last day") if day > 28 else _("%(day)s.") % {"day": day}
