"""How reports by mail are called on the page where people choose their mails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from notifications.kinds import Kind, register

KINDS = (
    Kind(
        key="owner_week",
        label=_("Your company's week"),
        why=_("On Monday at 8:00: the whole screen with its charts, beside the week before, and as an Excel file."),
        permission=Permission.OVERVIEW_VIEW,
        timed=True,
        order=37,
    ),
    Kind(
        key="report_due",
        label=_("Reports by mail"),
        why=_("The reports that you, or a colleague for you, have sent on a timetable."),
        permission=Permission.REPORT_VIEW,
        timed=True,
        order=38,
    ),
    Kind(
        key="report_now",
        label=_("A report that you sent to yourself to try it"),
        permission=Permission.REPORT_MAIL,
        important=True,
        order=90,
    ),
)


def register_all() -> None:
    """Called once the apps are ready."""
    register(*KINDS)
