import threading

import pytest
from django.db import OperationalError, connection

from accounts.models import AccessEvent, EventKind, Role, Team
from accounts.refusals import NotAllowed
from accounts.services import teams
from tests.factories.people import make_team, make_user


def paths():
    return dict(Team.objects.values_list("name", "path"))


def test_add_puts_the_team_at_its_place_in_the_tree(cast):
    team = teams.add(by=cast.admin, name="North", parent=cast.team, head=cast.head)
    assert team.path == f"{cast.team.path}{team.pk:06}."
    assert list(Team.objects.under(Team.objects.filter(pk=cast.team.pk)).order_by("path")) == [cast.team, team]


def test_a_name_is_used_once(cast):
    with pytest.raises(teams.NameTaken):
        teams.add(by=cast.admin, name="SALES")
    with pytest.raises(teams.NameTaken):
        teams.rename(team=cast.other_team, name="sales", by=cast.admin)


def test_rename_may_change_only_the_case(cast):
    assert teams.rename(team=cast.team, name="SALES", by=cast.admin).name == "SALES"


@pytest.mark.parametrize("who", ["manager", "owner"])
def test_only_a_head_of_sales_leads(cast, who):
    with pytest.raises(teams.NoHead):
        teams.set_head(team=cast.team, head=getattr(cast, who), by=cast.admin)


def test_set_head_leaves_an_event_with_both_names(cast):
    teams.set_head(team=cast.team, head=cast.other_head, by=cast.admin)
    event = AccessEvent.objects.get(kind=EventKind.TEAM_HEADED)
    assert event.detail == {"head": ["Hanna Head", "Otto Otherhead"]}


def test_move_under_takes_the_whole_branch_along(cast):
    north = make_team("North", parent=cast.team)
    coast = make_team("Coast", parent=north)
    teams.move_under(team=north, parent=cast.other_team, by=cast.admin)
    service = cast.other_team.path
    assert paths()["North"] == f"{service}{north.pk:06}."
    assert paths()["Coast"] == f"{service}{north.pk:06}.{coast.pk:06}."
    teams.move_under(team=north, parent=None, by=cast.admin)
    assert paths()["Coast"] == f"{north.pk:06}.{coast.pk:06}."


def test_move_under_refuses_a_ring(cast):
    north = make_team("North", parent=cast.team)
    before = paths()
    for under in (cast.team, north):
        with pytest.raises(teams.UnderItself):
            teams.move_under(team=cast.team, parent=under, by=cast.admin)
    assert paths() == before


def test_a_tree_has_a_bottom(cast):
    team = cast.team
    for level in range(teams.DEEPEST - 1):
        team = make_team(f"Level {level}", parent=team)
    with pytest.raises(teams.TooDeep):
        teams.add(by=cast.admin, name="Too deep", parent=team)
    with pytest.raises(teams.TooDeep):
        teams.move_under(team=cast.team, parent=cast.other_team, by=cast.admin)


def test_edit_changes_all_or_nothing(cast):
    with pytest.raises(teams.UnderItself):
        teams.edit(team=cast.team, name="Renamed", parent=cast.team, head=cast.head, by=cast.admin)
    assert Team.objects.get(pk=cast.team.pk).name == "Sales"


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_changes_teams(cast, who):
    with pytest.raises(NotAllowed):
        teams.rename(team=cast.team, name="Mine", by=getattr(cast, who))


@pytest.mark.django_db
def test_two_moves_at_once_make_no_ring(real_commits):
    admin = make_user(role=Role.ADMIN)
    one, two = make_team("One"), make_team("Two")
    refused = []

    def move(team, parent):
        try:
            teams.move_under(team=team, parent=parent, by=admin)
        except (teams.UnderItself, OperationalError) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Team.objects.filter(parent=None).count() == 1
