"""What holds from a day on: the row before ends where the new one begins, and closed days stay as they were."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.refusals import Refused
from discipline.models import Assignment, TeamDay, TeamPolicy

Dated = TypeVar("Dated", Assignment, TeamPolicy)


class DayClosed(Refused):
    """A closed day is never scored again, so nothing that it followed from may change."""

    code = "day_closed"
    field = "on"

    def __init__(self, closed: date, field: str = "") -> None:
        super().__init__(_("Days up to %(day)s are closed. Choose a later day.") % {"day": closed}, field=field)


def last_closed(team: Team) -> date | None:
    """The last day of a team that is closed for everybody."""
    return TeamDay.objects.filter(team=team).aggregate(last=Max("day"))["last"]


def put(rows: Any, new: Dated) -> Dated:
    """Let `new` hold from its day on: what was to begin then or later gives way, what held before ends there."""
    rows.filter(starts_on__gte=new.starts_on).delete()
    rows.on(new.starts_on).update(ends_on=new.starts_on)
    new.save(force_insert=True)
    return new
