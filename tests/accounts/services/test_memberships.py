from datetime import date

import pytest

from accounts.models import AccessEvent, Membership
from accounts.reach import people_of
from accounts.refusals import NotAllowed
from accounts.services import memberships
from tests.factories.people import make_user


def stretches(user):
    return list(Membership.objects.filter(user=user).order_by("starts_on").values_list("team", "starts_on", "ends_on"))


def test_place_ends_the_team_before_on_that_day(cast):
    memberships.place(user=cast.manager, team=cast.other_team, on=date(2026, 10, 21), by=cast.admin)
    assert stretches(cast.manager) == [
        (cast.team.pk, date(2026, 1, 5), date(2026, 10, 21)),
        (cast.other_team.pk, date(2026, 10, 21), None),
    ]


def test_on_the_day_of_the_move_one_team_counts(cast):
    day = date(2026, 10, 21)
    memberships.place(user=cast.manager, team=cast.other_team, on=day, by=cast.admin)
    assert [one.team for one in Membership.objects.on(day).filter(user=cast.manager)] == [cast.other_team]


def test_place_for_the_same_day_again_replaces_the_choice(cast):
    day = date(2026, 10, 21)
    memberships.place(user=cast.manager, team=cast.other_team, on=day, by=cast.admin)
    memberships.place(user=cast.manager, team=cast.team, on=day, by=cast.admin)
    assert [team for team, *_days in stretches(cast.manager)] == [cast.team.pk, cast.team.pk]


def test_place_where_somebody_is_does_nothing(cast):
    memberships.place(user=cast.manager, team=cast.team, on=date(2026, 10, 21), by=cast.admin)
    assert len(stretches(cast.manager)) == 1
    assert not AccessEvent.objects.exists()


def test_settled_days_are_not_touched(cast):
    memberships.place(user=cast.manager, team=cast.other_team, on=date(2026, 11, 2), by=cast.admin)
    with pytest.raises(memberships.PlacedLater, match="Service") as refused:
        memberships.place(user=cast.manager, team=cast.team, on=date(2026, 11, 1), by=cast.admin)
    assert refused.value.field == "on"


def test_a_newcomer_is_placed_and_his_head_sees_him(cast, clock):
    newcomer = make_user()
    memberships.place(user=newcomer, team=cast.team, on=date(2026, 1, 1), by=cast.admin)
    assert newcomer in people_of(cast.head)
    assert newcomer not in people_of(cast.other_head)


def test_heads_do_not_place(cast):
    with pytest.raises(NotAllowed):
        memberships.place(user=cast.stranger, team=cast.team, on=date(2026, 10, 21), by=cast.head)
