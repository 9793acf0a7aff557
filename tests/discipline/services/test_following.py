"""Scoring follows the people pages: placed, moved, switched off."""

from datetime import date, time

import pytest

from accounts.services import memberships, people
from discipline.models import Assignment, Mode, TeamPolicy
from discipline.services import assignments, following, policies, schemes
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TOMORROW = date(2026, 10, 21)


def rows(person):
    found = Assignment.objects.filter(user=person).order_by("starts_on")
    return list(found.values_list("team__name", "starts_on", "ends_on"))


def test_somebody_placed_in_a_team_is_scored_from_tomorrow(cast, clock):
    following.follow_teams(at=clock.now)
    assert rows(cast.manager) == [("Sales", TOMORROW, None)]
    policy = TeamPolicy.objects.get(team=cast.team)
    assert (policy.deadline, policy.mode, policy.starts_on) == (time(18), Mode.TRIAL, TOMORROW)


def test_following_again_changes_nothing(cast, clock):
    assert following.follow_teams(at=clock.now) == 3
    assert following.follow_teams(at=clock.now) == 0


def test_heads_and_people_without_a_team_are_not_scored(cast, clock):
    loner = make_user("Lena Loner")
    following.follow_teams(at=clock.now)
    assert rows(cast.head) == rows(loner) == []


def test_a_team_that_has_its_policy_keeps_it(cast, clock):
    policies.set_policy(
        team=cast.team, on=date(2026, 10, 1), deadline=time(17), mode=Mode.LIVE, by=cast.admin, at=clock.now
    )
    following.follow_teams(at=clock.now)
    assert [(p.deadline, p.mode) for p in TeamPolicy.objects.filter(team=cast.team)] == [(time(17), Mode.LIVE)]


def test_whoever_is_moved_takes_his_rules_and_hours_along(cast, clock):
    scheme = schemes.factory(by=cast.admin, at=clock.now)
    assignments.assign(
        user=cast.manager, team=cast.team, scheme=scheme, on=date(2026, 10, 1), shift_end=time(15), by=cast.admin
    )
    memberships.place(user=cast.manager, team=cast.other_team, on=date(2026, 10, 26), by=cast.admin)
    following.follow_teams(at=clock.now)
    moved = date(2026, 10, 26)
    assert rows(cast.manager) == [("Sales", date(2026, 10, 1), moved), ("Service", moved, None)]
    assert Assignment.objects.get(user=cast.manager, ends_on=None).shift_end == time(15)


def test_whoever_is_switched_off_is_scored_no_more_from_the_next_day(cast, clock):
    scheme = schemes.factory(by=cast.admin, at=clock.now)
    assignments.assign(user=cast.manager, team=cast.team, scheme=scheme, on=date(2026, 10, 1), by=cast.admin)
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    following.follow_teams(at=clock.now)
    assert rows(cast.manager) == [("Sales", date(2026, 10, 1), TOMORROW)]
    assert following.follow_teams(at=clock.now) == 0


def test_whoever_comes_for_the_first_time_into_a_team_whose_points_count_is_a_new_hire(cast, clock):
    policies.set_policy(team=cast.team, on=date(2026, 10, 1), mode=Mode.SOFT, by=cast.admin, at=clock.now)
    following.follow_teams(at=clock.now)
    hired = {one.user: one.hired_on for one in Assignment.objects.select_related("user")}
    assert hired == {cast.manager: TOMORROW, cast.teammate: TOMORROW, cast.stranger: None}


def test_whoever_is_moved_stays_the_new_hire_that_he_was(cast, clock):
    policies.set_policy(team=cast.other_team, on=date(2026, 10, 1), mode=Mode.LIVE, by=cast.admin, at=clock.now)
    scheme = schemes.factory(by=cast.admin, at=clock.now)
    for person, hired in ((cast.manager, date(2026, 10, 1)), (cast.teammate, None)):
        assignments.assign(
            user=person, team=cast.team, scheme=scheme, on=date(2026, 10, 1), hired_on=hired, grade="junior", by=cast.admin
        )  # fmt: skip
        memberships.place(user=person, team=cast.other_team, on=date(2026, 10, 26), by=cast.admin)
    following.follow_teams(at=clock.now)
    now = {
        one.user: (one.hired_on, one.grade) for one in Assignment.objects.filter(team=cast.other_team, grade="junior")
    }
    assert now == {cast.manager: (date(2026, 10, 1), "junior"), cast.teammate: (None, "junior")}
