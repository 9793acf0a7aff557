"""Every figure is what the records say: to the last cent, for each person, team and the company, and for any past moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership
from crm.models import Company, Deal
from crm.services import merges
from discipline.services import assignments
from discipline.unsettled import standings
from reports.figures import FIGURES
from reports.figures.sums import Sums, live, measured
from reports.models import PersonReading, TeamReading
from reports.moments import Span
from reports.services import readings, visits
from tests.factories.discipline import make_scored
from tests.factories.money import give_points, make_rate
from tests.factories.people import LONG_AGO, Cast
from tests.fixtures import Clock
from tests.reports.figures.company import Story
from tests.reports.figures.plain import PLAIN

pytestmark = pytest.mark.django_db
ZONE = "Europe/Warsaw"
LISTED = [key for key, figure in FIGURES.items() if figure.records]


@pytest.fixture
def story(cast: Cast, clock: Clock) -> Story:
    """Half a year of a small company, up to the clock."""
    assignments.assign(user=cast.head, team=cast.team, scheme=make_scored(cast), on=LONG_AGO, by=cast.admin)
    make_rate(cast.owner, rate="2.50")
    ends = clock.now
    story = Story(cast, 3, clock.set("2026-05-11 09:00"))
    story.until(clock.set("2026-09-25 17:00"), 350)
    story.until(clock.set("2026-10-20 07:00"), 450)
    story.until(clock.set(ends.isoformat()), 60)
    give_points(cast.manager, 40, ends.date())
    give_points(cast.stranger, -7, ends.date())
    return story


def records(key: str, span: Span) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(FIGURES[key].records, span.parameters)
        return sorted(cursor.fetchall(), key=repr)


def everything(span: Span) -> dict[str, list[tuple[Any, ...]]]:
    found = {key: records(key, span) for key in LISTED}
    return found | {"liability": sorted(FIGURES["liability"].people(span), key=repr)}  # type: ignore[misc]


def by_person(span: Span) -> dict[int, Sums]:
    people: dict[int, Sums] = {}
    for key, person, part, currency, count, minor in measured(FIGURES.values(), span):
        people.setdefault(person, Sums()).add(key, part, count, {currency: minor})
    return people


def test_each_figure_lists_what_plain_python_finds(story: Story, clock: Clock) -> None:
    visits.follow(since=None, until=clock.now)
    span = Span(clock.now, ZONE)
    assert set(PLAIN) == set(LISTED)
    for key, plain in PLAIN.items():
        expected = sorted(plain(span), key=repr)
        assert records(key, span) == expected, key
        assert expected, f"nothing happened that {key} looks at"
        assert len(set(expected)) == len(expected), key


def test_person_team_and_company_are_the_records_counted_and_summed(story: Story, clock: Clock) -> None:
    reading = readings.read(at=clock.now)
    found = everything(Span(clock.now, ZONE))
    teams = dict(Membership.objects.values_list("user", "team"))
    for row in _rows(reading):
        members = _members(row, teams)
        sums = Sums.of(row.figures)
        for key in LISTED:
            mine = [record for record in found[key] if members is None or record[1] in members]
            for part in {record[2] for record in mine} | set(sums.parts(key)):
                there = [record for record in mine if record[2] == part]
                whole = sums.whole(key, part)
                assert whole.count == len(there), (key, part)
                assert {c: n for c, n in whole.minor.items() if n} == _money(there), (key, part)


def _rows(reading: Any) -> Iterator[Any]:
    yield from PersonReading.objects.filter(reading=reading)
    yield from TeamReading.objects.filter(reading=reading)


def _members(row: Any, teams: dict[int, int]) -> set[int] | None:
    """Whose records a row adds up; None for everybody's."""
    if isinstance(row, PersonReading):
        return {row.person_id}
    return None if row.team_id is None else {person for person, team in teams.items() if team == row.team_id}


def _money(rows: list[tuple[Any, ...]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for _id, _person, _part, currency, minor in rows:
        sums[currency] += minor or 0
    return {currency: minor for currency, minor in sums.items() if minor}


def test_the_same_moment_is_the_same_whatever_happens_later(story: Story, cast: Cast, clock: Clock) -> None:
    then = Span(clock.now, ZONE)
    visits.follow(since=None, until=then.moment)
    before, summed = everything(then), {person: sums.stored for person, sums in by_person(then).items()}
    story.until(clock.set("2026-10-24 16:00"), 250)
    make_rate(cast.owner, rate="9.00")
    give_points(cast.manager, 11, clock.now.date())
    of_team = Company.objects.live().filter(owner__in=[cast.manager, cast.teammate], deals__isnull=False).distinct()
    one, other = of_team.order_by("recorded_at", "pk")[:2]
    merges.merge(
        noun="company", survivor=one.pk, merged=other.pk, choices={}, by=cast.head, at=clock.now, overridden=True
    )
    Deal.objects.filter(pk__in=Deal.objects.order_by("pk").values("pk")[:10]).update(deleted_at=clock.now)
    visits.follow(since=then.moment, until=clock.now)
    after = everything(then)
    for key, rows in before.items():
        assert after[key] == rows, key
    assert {person: sums.stored for person, sums in by_person(then).items()} == summed
    assert everything(Span(clock.now, ZONE)) != before


def test_some_people_as_of_now_are_what_a_reading_says_of_them(
    story: Story, cast: Cast, clock: Clock, django_assert_num_queries: Any
) -> None:
    reading = readings.read(at=clock.now)
    asked = [cast.manager.pk, cast.stranger.pk]
    with django_assert_num_queries(1):
        found = live([FIGURES[key] for key in LISTED], Span(clock.now, ZONE), asked)
    kept = {row.person_id: row.figures for row in PersonReading.objects.filter(reading=reading, person__in=asked)}
    for person, sums in found.items():
        assert sums.stored == {key: parts for key, parts in kept[person].items() if key in LISTED}


def test_what_would_be_paid_is_what_the_settlement_would_pay(story: Story, cast: Cast, clock: Clock) -> None:
    found = list(FIGURES["liability"].people(Span(clock.now, ZONE)))  # type: ignore[misc]
    assert found == [(cast.manager.pk, "", "EUR", 40, 100_00)]
    assert {one.user_id: one.points for one in standings(day=clock.now.date(), free=False)}[cast.stranger.pk] == -7
