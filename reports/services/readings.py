"""Reading all figures: the only place that writes what the screens show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from accounts.models import Membership
from crm.when import local_day, wall
from discipline.services.days import wait_for_writers
from reports import about
from reports.figures import FIGURES
from reports.figures.sums import Sum, Sums, measured
from reports.models import PersonReading, Reading, TeamReading
from reports.moments import Span, company_zone
from reports.services import visits

ONE_AT_A_TIME = 7214812
"""Advisory lock: two readings at once would only read the same twice."""
STAYS = timedelta(hours=2)
"""So long a reading that is not kept can still be opened from a page that shows it."""
MORNING = time(6, 0)
"""The first reading from then on is kept for ever: it is the one that the mails of the day show."""
CARRIED = timedelta(hours=30)
"""So long a heavy figure is carried over from one reading to the next; the kept reading of a morning measures all anew."""

Found = Iterator[tuple[str, int, str, Sum]]
"""A figure, a person, a part, and how much there is of it."""


def read(*, at: datetime) -> Reading | None:
    """Read every figure as of `at`, for each person, each team and the company; None while another reading is on its way.

    Raises discipline.services.days.WritersBusy when somebody still writes under an earlier stamp.
    """
    wait_for_writers()
    with transaction.atomic():
        if not _alone():
            return None
        last = Reading.objects.order_by("-moment").first()
        if last is not None and last.moment >= at:
            return last
        visits.follow(since=last.moment if last else None, until=at)
        span = Span(at, company_zone())
        kept = _is_kept(span)
        reading = _write(span, kept=kept, before=None if kept else last)
        Reading.objects.filter(kept=False, moment__lt=at - STAYS).delete()
        return reading


def read_mornings(*, since: date, at: datetime) -> list[Reading]:
    """Make up for the kept readings that are missing, from `since` to the day before `at`: what the screens would have shown at
    MORNING, from history. How the jobs ran then is not known any more and is left out. Days that are there stay as they are."""
    wait_for_writers()
    with transaction.atomic():
        if not _alone():
            return []
        last = Reading.objects.order_by("-moment").first()
        visits.follow(since=last.moment if last else None, until=at)
        zone = company_zone()
        there = set(Reading.objects.filter(kept=True, day__gte=since).values_list("day", flat=True))
        days = [since + timedelta(days=n) for n in range((local_day(at, zone) - since).days)]
        return [_write(Span(wall(day, MORNING, zone), zone), kept=True, past=True) for day in days if day not in there]


def _is_kept(span: Span) -> bool:
    begun = wall(span.day, MORNING, span.zone) <= span.moment
    return begun and not Reading.objects.filter(day=span.day, kept=True).exists()


def _write(span: Span, *, kept: bool, before: Reading | None = None, past: bool = False) -> Reading:
    carried = _carried(before, span)
    reading = Reading.objects.create(
        day=span.day,
        zone=span.zone,
        moment=span.moment,
        kept=kept,
        moments={key: moment.isoformat() for key, moment in carried.items()},
    )
    teams = dict(Membership.objects.on(span.day).values_list("user", "team"))
    people: dict[int, Sums] = defaultdict(Sums, {person: Sums() for person in teams})
    of_teams: dict[int | None, Sums] = defaultdict(Sums, {team: Sums() for team in (None, *teams.values())})
    for key, person, part, found in _found(span, before, set(carried)):
        team = teams.get(person)
        for sums in (people[person], of_teams[None], *([of_teams[team]] if team is not None else [])):
            sums.add(key, part, found.count, found.minor)
    PersonReading.objects.bulk_create(
        PersonReading(reading=reading, person_id=person, team_id=teams.get(person), figures=sums.stored)
        for person, sums in sorted(people.items())
    )
    company = about.company(of_teams[None], span, live=not past)
    TeamReading.objects.bulk_create(
        TeamReading(reading=reading, team_id=team, figures=sums.stored, about={} if team else company)
        for team, sums in of_teams.items()
    )
    return reading


def _carried(before: Reading | None, span: Span) -> dict[str, datetime]:
    """The heavy figures that the reading before has freshly enough, and when they were measured."""
    if before is None:
        return {}
    moments = {
        key: datetime.fromisoformat(before.moments[key]) if key in before.moments else before.moment
        for key, figure in FIGURES.items()
        if figure.heavy
    }
    return {key: moment for key, moment in moments.items() if span.moment - moment < CARRIED}


def _found(span: Span, before: Reading | None, carried: set[str]) -> Found:
    for key, person, part, currency, count, minor in measured(
        (figure for key, figure in FIGURES.items() if key not in carried), span
    ):
        yield key, person, part, Sum(count, {currency: minor})
    if before is not None and carried:
        for person, figures in before.people.values_list("person", "figures"):
            for key in carried & figures.keys():
                for part, stored in figures[key].items():
                    yield key, person, part, Sum.of(stored)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])
