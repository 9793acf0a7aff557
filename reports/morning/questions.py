"""What odd patterns of the last days ask, in one line each; the page of signals holds the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from discipline.signals import SIGNALS, run_all
from reports.morning.people import Member

LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A pattern in one person's days, as something to ask him."""

    icon: str
    name: str
    text: str
    url: str


def read(members: Sequence[Member], day: date) -> list[Question]:
    """The questions about these people in the week before a day: one statement."""
    known = {one.pk: one for one in members if one.team is not None}
    teams = sorted({one.team for one in known.values() if one.team is not None})
    if not teams:
        return []
    first, last = day - LOOKED_BACK, day
    page = f"{reverse('discipline:signals')}?from={first.isoformat()}&until={last.isoformat()}"
    return [
        Question(
            icon=found.signal.icon,
            name=known[found.user_id].name,
            text=found.question,
            url=f"{page}&team={known[found.user_id].team}#signal-{found.signal.key}",
        )
        for found in run_all(SIGNALS, teams, first, last)
        if found.user_id in known
    ]
