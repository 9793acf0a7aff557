"""Reading all figures: the only place that writes what the screens show."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.db import connection, transaction

from accounts.models import Membership
from crm.when import wall
from discipline.services.days import wait_for_writers
from reports.figures import FIGURES
from reports.figures.sums import Sums, measured
from reports.models import PersonReading, Reading, TeamReading
from reports.moments import Span, company_zone

ONE_AT_A_TIME = 7214812
"""Advisory lock: two readings at once would only read the same twice."""
STAYS = timedelta(hours=2)
"""So long a reading that is not kept can still be opened from a page that shows it."""
MORNING = time(6, 0)
"""The first reading from then on is kept for ever: it is the one that the mails of the day show."""


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
        span = Span(at, company_zone())
        reading = Reading.objects.create(day=span.day, zone=span.zone, moment=at, kept=_is_kept(span))
        _write(reading, span)
        Reading.objects.filter(kept=False, moment__lt=at - STAYS).delete()
        return reading


def _is_kept(span: Span) -> bool:
    begun = wall(span.day, MORNING, span.zone) <= span.moment
    return begun and not Reading.objects.filter(day=span.day, kept=True).exists()


def _write(reading: Reading, span: Span) -> None:
    teams = dict(Membership.objects.on(span.day).values_list("user", "team"))
    people: dict[int, Sums] = defaultdict(Sums)
    of_teams: dict[int | None, Sums] = defaultdict(Sums)
    everybody = of_teams[None]
    for person in teams:
        people[person] = Sums()
    for key, person, part, currency, count, minor in measured(FIGURES.values(), span):
        team = teams.get(person)
        for sums in (people[person], everybody, *([of_teams[team]] if team is not None else [])):
            sums.add(key, part, count, {currency: minor})
    PersonReading.objects.bulk_create(
        PersonReading(reading=reading, person_id=person, team_id=teams.get(person), figures=sums.stored)
        for person, sums in sorted(people.items())
    )
    TeamReading.objects.bulk_create(
        TeamReading(reading=reading, team_id=team, figures=sums.stored) for team, sums in of_teams.items()
    )


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])
