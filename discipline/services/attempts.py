"""How often a team's day was tried. Counted before the work and committed, so that a worker killed in the middle has counted too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from discipline.models import ClosingAttempt

MOST = 3
"""After so many attempts a day is dead until somebody asks for another try."""

TeamDays = Iterable[tuple[int, date]]

BEGIN = """
INSERT INTO discipline_closingattempt (team_id, day, attempts, last_at, error)
SELECT team_id, day, 1, %(at)s, '' FROM unnest(%(teams)s::bigint[], %(days)s::date[]) AS d (team_id, day)
ON CONFLICT (team_id, day) DO UPDATE SET attempts = discipline_closingattempt.attempts + 1, last_at = EXCLUDED.last_at
"""
FORGET = """
DELETE FROM discipline_closingattempt a USING unnest(%(teams)s::bigint[], %(days)s::date[]) AS d (team_id, day)
WHERE a.team_id = d.team_id AND a.day = d.day
"""
EXHAUSTED = """
UPDATE discipline_closingattempt SET dead_at = %(at)s
WHERE dead_at IS NULL AND attempts >= %(most)s RETURNING team_id, day, error
"""


def begin(team_days: TeamDays, *, at: datetime) -> None:
    """Count an attempt of each of these days, in a transaction of its own."""
    _run(BEGIN, team_days, at)


def forget(team_days: TeamDays) -> None:
    """These days are closed, or were not to blame for not being closed."""
    _run(FORGET, team_days)


def failed(team_days: TeamDays, *, error: Exception) -> None:
    """Keep what an attempt failed of."""
    said = f"{type(error).__name__}: {error}"[:300]
    for team_id, day in team_days:
        ClosingAttempt.objects.filter(team=team_id, day=day).update(error=said)


def give_up(*, at: datetime) -> list[tuple[int, date, str]]:
    """Declare dead what was tried too often: team, day and last error of each that was not dead before."""
    with connection.cursor() as cursor:
        cursor.execute(EXHAUSTED, {"at": at, "most": MOST})
        return sorted(cursor.fetchall())


def tried(team_days: TeamDays) -> dict[tuple[int, date], ClosingAttempt]:
    """The attempts there are of these days."""
    wanted = set(team_days)
    rows = ClosingAttempt.objects.filter(day__in={day for _team, day in wanted})
    return {(row.team_id, row.day): row for row in rows if (row.team_id, row.day) in wanted}


@transaction.atomic
def retry(*, team: Team, day: date, by: User) -> None:
    """Let a dead day be tried again by the next run; nothing happens for one that is not."""
    ensure(by, Permission.UPKEEP_RETRY)
    ClosingAttempt.objects.filter(team=team, day=day, dead_at__isnull=False).delete()


def _run(sql: str, team_days: TeamDays, at: datetime | None = None) -> None:
    pairs = sorted(set(team_days))
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, {"teams": [team for team, _day in pairs], "days": [day for _team, day in pairs], "at": at})
