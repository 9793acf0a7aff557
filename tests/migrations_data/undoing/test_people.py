"""People whom an import added are switched off by its undo unless somebody needs them, and come back with the same table."""

import pytest

from accounts.models import Team, User
from migrations_data.models import Status
from migrations_data.services import undo, work
from migrations_data.undoing import people
from tests.factories.crm import make_company
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
NAMES = ["Ada North", "Ben Okoro", "Cleo Vance", "Dina Frost", "Egon Weiss"]


def undone(made, cast, clock):
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    return work.carry_on(import_id=made.pk, at=clock.now)


def active():
    return sorted(User.objects.filter(full_name__in=NAMES, is_active=True).values_list("full_name", flat=True))


def test_they_go_and_come_back_with_the_same_tables(clock, cast):
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert active() == NAMES
    teams = set(Team.objects.values_list("name", flat=True))
    assert undone(made, cast, clock).status == Status.UNDONE
    assert active() == []
    assert {stay.kind for stay in undo.plan(made).listed} == {"team"}
    again = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert (again.status, active()) == (Status.DONE, NAMES)
    assert set(Team.objects.values_list("name", flat=True)) == teams
    undone(again, cast, clock)
    assert active() == []


def test_who_has_clients_of_his_own_or_signed_in_stays(clock, cast):
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    ada, ben = (User.objects.get(full_name=name) for name in NAMES[:2])
    make_company(ada, "Entered by hand")
    User.objects.filter(pk=ben.pk).update(last_login=clock.now)
    told = {stay.record: stay.reason for stay in undo.plan(made).listed if stay.kind == "user"}
    assert told == {ada.pk: people.NEEDED, ben.pk: people.SIGNED_IN}
    undone(made, cast, clock)
    assert active() == NAMES[:2]
