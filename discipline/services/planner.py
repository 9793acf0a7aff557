"""Which days are due and not closed: asked of the database each time, so that an outage of any length is made up for by itself."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import connection

from accounts.models import Team
from discipline.models import Scorecard
from discipline.services import days
from discipline.services.days import Closed, WritersBusy
from discipline.timetable import Timetable

log = logging.getLogger(__name__)

AT_ONCE = 15
"""So many days of a team are closed in one transaction when there is much to make up for."""

OPEN_DAYS = """
SELECT t.team_id, d::date
FROM (SELECT team_id, min(starts_on) AS first FROM discipline_assignment GROUP BY team_id) t
CROSS JOIN LATERAL generate_series(GREATEST(t.first, %(since)s), %(until)s, interval '1 day') AS d
WHERE EXISTS (
    SELECT FROM discipline_assignment a
    WHERE a.team_id = t.team_id AND a.starts_on <= d AND (a.ends_on IS NULL OR d < a.ends_on)
) AND EXISTS (
    SELECT FROM discipline_teampolicy p
    WHERE p.team_id = t.team_id AND p.starts_on <= d AND (p.ends_on IS NULL OR d < p.ends_on)
) AND NOT EXISTS (
    SELECT FROM discipline_teamday x WHERE x.team_id = t.team_id AND x.day = d
)
ORDER BY d, t.team_id
"""


def missing(
    *, now: datetime, since: date | None = None, until: date | None = None, team: Team | None = None
) -> list[tuple[int, date]]:
    """Teams and days of which something can be closed at `now`, the oldest first; only days from `since` to `until` when given."""
    latest = min(until or date.max, (now + timedelta(days=1)).date())
    opened = _open_days(since or date.min, latest, team)
    if not opened:
        return []
    timetable = Timetable.of_teams({team_id for team_id, _day in opened}, first=opened[0][1], until=opened[-1][1])
    over = {(team_id, day) for team_id, day in opened if _is_over(timetable, team_id, day, now)}
    early = _early(timetable, {day for team_id, day in opened if (team_id, day) not in over}, now)
    return [one for one in opened if one in over or one in early]


def run(
    *, now: datetime, since: date | None = None, until: date | None = None, team: Team | None = None
) -> list[Closed]:
    """Close all that is due, of each team the oldest first. What cannot be closed now is left for the next run.

    A team whose days fail does not keep the others from closing; the failure is raised in the end.
    """
    waiting: dict[int, list[date]] = defaultdict(list)
    for team_id, day in missing(now=now, since=since, until=until, team=team):
        waiting[team_id].append(day)
    teams = Team.objects.in_bulk(waiting)
    done: list[Closed] = []
    failures: list[Exception] = []
    for team_id, its_days in waiting.items():
        try:
            for first in range(0, len(its_days), AT_ONCE):
                done += days.close_all(team=teams[team_id], days=its_days[first : first + AT_ONCE], at=now)
        except WritersBusy:
            log.warning("Team %s: somebody is still writing; its days stay open until the next run.", team_id)
        except Exception as failure:
            log.exception("Team %s: its days could not be closed.", team_id)
            failures.append(failure)
    if failures:
        raise failures[0]
    return sorted(done, key=lambda closed: (closed.day, closed.team_id))


def _open_days(since: date, until: date, team: Team | None) -> list[tuple[int, date]]:
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DAYS, {"since": since, "until": until})
        return [row for row in cursor.fetchall() if team is None or row[0] == team.pk]


def _is_over(timetable: Timetable, team_id: int, day: date, now: datetime) -> bool:
    over_at = timetable.over_at(team_id, day)
    return over_at is not None and over_at <= now


def _early(timetable: Timetable, days_open: set[date], now: datetime) -> set[tuple[int, date]]:
    """Days not over yet on which somebody's shift ended early enough to be closed, and is not."""
    ended = [w for day in sorted(days_open) for w in timetable.windows(day) if w.scored and w.horizon <= now]
    if not ended:
        return set()
    there = set(Scorecard.objects.filter(day__in={w.day for w in ended}).values_list("user_id", "day"))
    return {(w.team_id, w.day) for w in ended if (w.person_id, w.day) not in there}
