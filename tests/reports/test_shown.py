"""What a screen shows of a reading: each in his own reach, beside the figures of a week before."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from accounts.models import User
from reports.behind import link
from reports.behind.asked import read
from reports.behind.page import Behind
from reports.figures.sums import Sums
from reports.services import readings
from reports.shown import Shown
from tests.factories.crm import make_deal
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db


def open_sum(sums: Sums) -> tuple[int, dict[str, int]]:
    whole = sums.whole("deals_open")
    return whole.count, whole.minor


def shown(user: User) -> Shown:
    found = Shown.of(user)
    assert found is not None
    return found


@pytest.fixture
def week(cast: Cast, clock: Clock) -> Cast:
    """Two kept readings a week apart; the manager's deal is there in both, the others came later."""
    make_deal(cast.manager, amount_minor=100_00)
    clock.set("2026-10-20 10:10")
    readings.read(at=clock.now)
    make_deal(cast.teammate, amount_minor=50_00)
    make_deal(cast.stranger, amount_minor=7_00, currency="PLN")
    clock.set("2026-10-27 10:10")
    readings.read(at=clock.now)
    return cast


def test_without_a_reading_there_is_nothing_to_show(cast: Cast) -> None:
    assert Shown.of(cast.owner) is None


def test_an_owner_sees_the_company_and_every_team(week: Cast) -> None:
    seen = shown(week.owner)
    assert open_sum(seen.company) == (3, {"EUR": 150_00, "PLN": 7_00})
    assert open_sum(seen.teams[week.team.pk]) == (2, {"EUR": 150_00})
    assert open_sum(seen.teams[week.other_team.pk]) == (1, {"PLN": 7_00})
    assert set(seen.people) >= {week.manager.pk, week.teammate.pk, week.stranger.pk}


def test_a_head_sees_his_teams_added_up_and_nobody_else(week: Cast) -> None:
    seen = shown(week.head)
    assert open_sum(seen.company) == (2, {"EUR": 150_00})
    assert set(seen.teams) == {week.team.pk}
    assert set(seen.people) == {week.manager.pk, week.teammate.pk}
    assert seen.about == {}


def test_what_a_head_reaches_is_what_opens_behind_it_with_his_own_deals(cast: Cast, clock: Clock) -> None:
    for person in (cast.manager, cast.head, cast.stranger):
        make_deal(person, amount_minor=100_00)
    at = clock.set("2026-10-20 10:10")
    readings.read(at=at)
    asked = read("deals_open", QueryDict(link("deals_open", at=at).partition("?")[2]), now=at)
    assert open_sum(shown(cast.head).company) == (2, {"EUR": 200_00})
    assert Behind(cast.head, asked, at).count == 2


def test_a_manager_sees_himself_and_a_coordinator_nobody(week: Cast) -> None:
    seen = shown(week.manager)
    assert open_sum(seen.company) == (1, {"EUR": 100_00})
    assert (set(seen.people), seen.teams) == ({week.manager.pk}, {})
    coordinator = shown(week.admin)
    assert (coordinator.people, coordinator.teams, open_sum(coordinator.company)) == ({}, {}, (0, {}))


def test_the_morning_of_a_week_before_stands_beside(week: Cast) -> None:
    seen = shown(week.owner)
    assert seen.before is not None
    assert seen.before.reading.day == seen.reading.day - timedelta(days=7)
    assert open_sum(seen.before.company) == (1, {"EUR": 100_00})
    past = Shown.of(week.owner, seen.before.reading.day)
    assert past is not None
    assert open_sum(past.company) == (1, {"EUR": 100_00})
    assert past.before is None


def test_a_figure_is_as_of_the_reading_or_as_of_when_it_was_carried_over_from(week: Cast) -> None:
    seen = shown(week.owner)
    assert seen.at("deals_open") == seen.reading.moment
    earlier = seen.reading.moment - timedelta(hours=4)
    seen.reading.moments = {"quality": earlier.isoformat()}
    assert seen.at("quality") == earlier


def test_two_statements_whatever_there_is(week: Cast, django_assert_num_queries: Any) -> None:
    for user in (week.owner, week.head, week.manager):
        with django_assert_num_queries(2):
            shown(user)
