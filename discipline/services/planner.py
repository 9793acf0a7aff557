"""Which days are due and not closed: asked of the database each time, so that an outage of any length is made up for by itself."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import OperationalError, connection

from accounts.models import Team
from discipline.alerts import trouble
from discipline.models import Scorecard
from discipline.services import attempts, days
from discipline.services.days import Closed, WritersBusy
from discipline.sql import CLOSERS_LOCK
from discipline.timetable import Timetable

log = logging.getLogger(__name__)


AT_ONCE = 15
"""So many days of a team are closed in one transaction when there is much to make up for."""

TeamDay = tuple[int, date]
"""A team by its key, and a day."""

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

    One run at a time: a second one finds the first at work and does nothing. A team whose days fail does not keep the others from
    closing; the failure is raised in the end. A day that failed three times is dead: it is told, and waits for somebody.
    """
    with alone() as mine:
        if not mine:
            return []
        waiting = missing(now=now, since=since, until=until, team=team)
        for team_id, day, error in attempts.give_up(at=now):
            trouble.day_dead(team_id=team_id, day=day, error=error, at=now)
        dead = {pair for pair, one in attempts.tried(waiting).items() if one.dead_at is not None}
        return _close_all([pair for pair in waiting if pair not in dead], now)


def _close_all(waiting: Sequence[TeamDay], now: datetime) -> list[Closed]:
    done: list[Closed] = []
    for together in _portions(waiting):
        attempts.begin(together, at=now)
        try:
            done += _close(together, now)
        except WritersBusy:
            attempts.forget(together)
            log.warning("Somebody is still writing; what is left stays open until the next run.")
            break
    failures = [closed.failure for closed in done if closed.failure is not None]
    if failures:
        raise failures[0]
    return sorted(done, key=lambda closed: (closed.day, closed.team_id))


def _portions(waiting: Sequence[TeamDay]) -> list[list[TeamDay]]:
    """What is closed together: a day of all teams, or with more days than teams some days of one; the oldest first.

    What has failed before is tried by itself, so that the others do not fail with it.
    """
    tried = attempts.tried(waiting)
    by_team, by_day = defaultdict(list), defaultdict(list)
    for pair in waiting:
        if pair not in tried:
            by_team[pair[0]].append(pair)
            by_day[pair[1]].append(pair)
    portions = [[pair] for pair in waiting if pair in tried]
    if len(by_team) >= len(by_day):
        portions += by_day.values()
    else:
        portions += [some[n : n + AT_ONCE] for some in by_team.values() for n in range(0, len(some), AT_ONCE)]
    return sorted(portions, key=lambda portion: portion[0][1])


def _close(together: Sequence[TeamDay], now: datetime) -> list[Closed]:
    """Close a portion, counted as an attempt until it has succeeded."""
    teams, its_days = {team_id for team_id, _day in together}, sorted({day for _team_id, day in together})
    if len(its_days) == 1:
        done = days.close_due(team_ids=teams, day=its_days[0], at=now)
    else:
        done = _close_days(together[0][0], its_days, now)
    attempts.forget((closed.team_id, closed.day) for closed in done if closed.failure is None)
    for closed in done:
        if closed.failure is not None:
            attempts.failed([(closed.team_id, closed.day)], error=closed.failure)
    return done


def _close_days(team_id: int, its_days: Sequence[date], now: datetime) -> list[Closed]:
    """Close some days of one team; when they cannot be closed together, what went wrong stands in each."""
    try:
        return days.close_all(team=Team(pk=team_id), days=its_days, at=now)
    except (WritersBusy, OperationalError):
        raise
    except Exception as failure:
        log.exception("Team %s: its days could not be closed.", team_id)
        return [Closed(team_id=team_id, day=day, cards=0, complete=False, failure=failure) for day in its_days]


@contextmanager
def alone() -> Iterator[bool]:
    """Whether this connection is the only one that closes days. A worker that dies lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [CLOSERS_LOCK])
        (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [CLOSERS_LOCK])


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
