"""A day of many teams closed in one go: the same statements however many people, and nobody stopped by somebody else."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discipline.models import LedgerEntry, Scorecard, ScoreLine, TeamDay
from discipline.services import days
from tests.factories.discipline import make_assignment, make_policy, make_scheme
from tests.factories.people import LONG_AGO, make_team, make_user

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY, NEXT_FRIDAY = date(2026, 10, 20), date(2026, 10, 23), date(2026, 10, 30)
MOST_STATEMENTS = 30


@pytest.fixture
def teams(clock, cast):
    """Three teams with one person each, and a way to add more."""
    scheme = make_scheme(cast.admin)
    made = [make_team(f"Team {n}") for n in range(3)]
    for team in made:
        make_policy(team, cast.admin)

    def add(each: int, on: date = LONG_AGO) -> None:
        for team in made:
            for _n in range(each):
                make_assignment(make_user(team=team), team, scheme, cast.admin, on=on)

    add(1)
    return made, add


def statements(teams, day: date, at) -> int:
    with CaptureQueriesContext(connection) as captured:
        closed = days.close_due(team_ids=[team.pk for team in teams], day=day, at=at)
    assert all(one.complete for one in closed)
    assert len(closed) == len(teams)
    return sum(not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for one in captured)


def test_three_teams_take_as_many_statements_with_few_people_as_with_more(teams, clock):
    made, add = teams
    few = statements(made, FRIDAY, clock.set("2026-10-23 18:30"))
    add(4, on=date(2026, 10, 26))
    many = statements(made, NEXT_FRIDAY, clock.set("2026-10-30 18:30"))
    assert few == many <= MOST_STATEMENTS
    assert statements(made[:1], date(2026, 11, 6), clock.set("2026-11-06 18:30")) == many
    assert Scorecard.objects.filter(day=NEXT_FRIDAY).count() == 15


def test_it_closes_what_closing_team_by_team_would(teams, clock):
    made, add = teams
    add(1)
    at = clock.set("2026-10-20 18:30")
    one = days.close(team=made[0], day=TUESDAY, at=at)
    rest = days.close_due(team_ids=[team.pk for team in made], day=TUESDAY, at=at)
    assert (one.cards, [closed.cards for closed in rest]) == (2, [0, 2, 2])
    assert TeamDay.objects.filter(day=TUESDAY, cards=2).count() == 3
    assert Scorecard.objects.count() == 6
    posted = sum(-entry.points if entry.credit == "company" else entry.points for entry in LedgerEntry.objects.all())
    assert posted == sum(ScoreLine.objects.values_list("points", flat=True)) != 0


def test_a_team_that_cannot_be_closed_keeps_no_other_from_it(teams, clock, monkeypatch):
    made, _add = teams
    score = days.score

    def broken(windows, timetable):
        if any(window.team_id == made[1].pk for window in windows):
            raise ZeroDivisionError
        return score(windows, timetable)

    with monkeypatch.context() as patched:
        patched.setattr(days, "score", broken)
        at = clock.set("2026-10-20 18:30")
        closed = days.close_due(team_ids=[team.pk for team in made], day=TUESDAY, at=at)
    assert [(one.cards, one.complete) for one in closed] == [(1, True), (0, False), (1, True)]
    assert [type(one.failure) for one in closed] == [type(None), ZeroDivisionError, type(None)]
    assert set(TeamDay.objects.values_list("team", flat=True)) == {made[0].pk, made[2].pk}
    again = days.close_due(team_ids=[made[1].pk], day=TUESDAY, at=clock.set("2026-10-20 18:40"))
    assert [(one.cards, one.complete, one.failure) for one in again] == [(1, True, None)]


def test_many_days_are_closed_part_by_part_and_summed_up_in_the_end(teams, clock, monkeypatch):
    made, _add = teams
    monkeypatch.setattr(days, "AT_ONCE", 2)
    week = [date(2026, 10, 19 + n) for n in range(5)]
    closed = days.close_all(team=made[0], days=week, at=clock.set("2026-10-26 09:00"))
    assert [(one.cards, one.complete) for one in closed] == [(1, True)] * 5
    assert list(TeamDay.objects.order_by("day").values_list("day", "cards")) == [(day, 1) for day in week]
