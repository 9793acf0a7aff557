"""Who gets a report, and who of them may open it: nobody gets by mail what he does not see on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from reports.models import Report, ReportMail, Screen

SCREENS = {
    Screen.COMPANY: Permission.OVERVIEW_VIEW,
    Screen.MORNING: Permission.MORNING_VIEW,
    Screen.CONTROL: Permission.TEAM_DAY_VIEW,
}
"""What one must hold to open each screen."""


@dataclass(frozen=True)
class Readers:
    """Those who get a report, and those who stand on its list but may not open it."""

    may: list[User]
    may_not: list[User]


def listed(mail: ReportMail) -> QuerySet[User]:
    """Everybody on the list of a report who works here."""
    named = list(mail.recipients.all())
    roles = [one.role for one in named if one.role]
    people = [one.person_id for one in named if one.person_id]
    return User.objects.active().filter(Q(role__in=roles) | Q(pk__in=people)).by_name()


def sorted_out(mail: ReportMail, people: Iterable[User]) -> Readers:
    """Those of some people who may open a report, and those who may not: at most one statement."""
    found = Readers([], [])
    shares = _shares(mail.report) if mail.report else None
    for person in people:
        opens = holds(person, SCREENS[Screen(mail.screen)]) if shares is None else _opens(mail, person, shares)
        (found.may if opens else found.may_not).append(person)
    return found


def may_open(mail: ReportMail, person: User) -> bool:
    """Whether one person may open it now."""
    return bool(sorted_out(mail, [person]).may)


def screens_for(user: User) -> list[Screen]:
    """The screens that somebody may have mailed."""
    return [screen for screen, permission in SCREENS.items() if holds(user, permission)]


def _shares(report: Report) -> Sequence[tuple[str, int | None]]:
    return [(one.role, one.person_id) for one in report.shares.all()]


def _opens(mail: ReportMail, person: User, shares: Sequence[tuple[str, int | None]]) -> bool:
    """The same as `Report.visible_to` says, for many at once."""
    own = mail.report is not None and mail.report.user_id == person.pk
    return holds(person, Permission.REPORT_VIEW) and (
        own or any(person.pk == share or (role and role == person.role) for role, share in shares)
    )
