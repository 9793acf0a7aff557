"""What did not work, and when: nobody is measured by a source that was down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.reach import teams_of
from accounts.refusals import NotAllowed, Refused
from accounts.roles import Role
from discipline.models import Outage, OutageSource

LONGEST = timedelta(days=31)
AHEAD = timedelta(days=31)


class EndsBeforeItStarts(Refused):
    code = "ends_before_it_starts"
    field = "until_at"
    message = _("An outage ends after it starts. Choose a later end.")


class TooLong(Refused):
    code = "outage_too_long"
    field = "until_at"
    message = _("This is longer than a month. Correct the dates, or declare it in parts.")


class TooFarAhead(Refused):
    code = "outage_too_far_ahead"
    field = "from_at"
    message = _("Planned work can be declared a month ahead. Choose an earlier day.")


class UnknownSource(Refused):
    code = "unknown_source"
    field = "source"
    message = _("Choose what did not work: Daybook itself, telephony or mail.")


class ReasonMissing(Refused):
    code = "reason_missing"
    field = "reason"
    message = _("Say what happened: it stands beside every rule that could not be judged.")


class TeamMissing(Refused):
    code = "team_missing"
    field = "team"
    message = _("Choose one of your teams. For the whole company the coordinator declares it.")


@transaction.atomic
def declare(
    *, source: str, from_at: datetime, until_at: datetime, reason: str, team: Team | None = None, by: User, at: datetime
) -> Outage:
    """Declare that a source was down `[from_at, until_at)` for a team, or for everybody; a head for his teams only.

    Declared after a day's horizon it changes nothing that is closed: it leads to a proposed correction. Raises EndsBeforeItStarts,
    TooLong, TooFarAhead, UnknownSource, ReasonMissing and TeamMissing.
    """
    ensure(by, Permission.OUTAGE_DECLARE)
    if by.role == Role.HEAD and team is None:
        raise TeamMissing
    if not _reaches(by, team):
        raise NotAllowed
    _check(source, from_at, until_at, reason, at)
    made: Outage = Outage.objects.create(
        source=source, team=team, from_at=from_at, until_at=until_at, reason=reason.strip(), declared_by=by
    )
    made.refresh_from_db()
    return made


@transaction.atomic
def withdraw(*, outage: Outage, by: User, at: datetime) -> Outage:
    """Take a declaration back, by whoever could have made it; days that are closed keep what they knew. Once more changes nothing."""
    ensure(by, Permission.OUTAGE_DECLARE)
    if not _reaches(by, outage.team):
        raise NotAllowed
    outage = Outage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
    if not outage.withdrawn:
        outage.withdrawn = True
        outage.save(update_fields=["withdrawn"])
        outage.refresh_from_db()
    return outage


def _reaches(user: User, team: Team | None) -> bool:
    if user.role != Role.HEAD:
        return True
    return team is not None and teams_of(user).filter(pk=team.pk).exists()


def _check(source: str, from_at: datetime, until_at: datetime, reason: str, at: datetime) -> None:
    if source not in OutageSource.values:
        raise UnknownSource
    if until_at <= from_at:
        raise EndsBeforeItStarts
    if until_at - from_at > LONGEST:
        raise TooLong
    if from_at - at > AHEAD:
        raise TooFarAhead
    if not reason.strip():
        raise ReasonMissing
