import threading

import pytest
from django.contrib.auth import authenticate
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError, OperationalError, ProgrammingError

from accounts.models import AccessEvent, EventKind, Membership, Role, User
from accounts.refusals import NotAllowed
from accounts.services import people, tokens
from tests.factories.people import make_team, make_user

DATABASE_REFUSES = (InternalError, IntegrityError, OperationalError, ProgrammingError)


def add(cast, clock, **changes):
    values = {"email": " Nina@Example.COM ", "full_name": "Nina Nowak", "role": Role.MANAGER} | changes
    return people.add(by=cast.admin, at=clock.now, **values)


def test_add_keeps_the_address_in_small_letters_and_leaves_an_event(cast, clock):
    person = add(cast, clock)
    assert person.email == "nina@example.com"
    event = AccessEvent.objects.get(person=person)
    assert (event.kind, event.by) == (EventKind.ADDED, cast.admin)


def test_add_places_into_the_team_from_today_on_the_persons_calendar(cast, clock):
    clock.set("2026-10-20 23:30", zone="UTC")
    person = add(cast, clock, team=cast.team, zone="Asia/Tokyo")
    assert str(Membership.objects.get(user=person).starts_on) == "2026-10-21"


def test_add_without_password_lets_nobody_in(cast, clock):
    person = add(cast, clock)
    assert not person.has_usable_password()
    assert authenticate(None, email=person.email, password="") is None


def test_add_refuses_an_address_in_use_whatever_its_case(cast, clock):
    add(cast, clock)
    with pytest.raises(people.EmailTaken) as refused:
        add(cast, clock, email="NINA@example.com")
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [({"zone": "Europe/Atlantis"}, people.UnknownZone), ({"language": "xx"}, people.UnknownLanguage)],
)
def test_add_refuses_what_is_not_offered(cast, clock, wrong, refusal):
    with pytest.raises(refusal):
        add(cast, clock, **wrong)


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_adds_people(cast, clock, who):
    with pytest.raises(NotAllowed):
        people.add(by=getattr(cast, who), at=clock.now, email="x@example.com", full_name="X", role=Role.ADMIN)


def test_edit_records_what_was_there_before(cast, clock):
    people.edit(person=cast.manager, by=cast.admin, at=clock.now, full_name="Anna Maria", zone=cast.manager.zone)
    event = AccessEvent.objects.get(person=cast.manager)
    assert event.detail == {"full_name": ["Anna Manager", "Anna Maria"]}


def test_edit_that_changes_nothing_leaves_no_event(cast, clock):
    people.edit(person=cast.manager, by=cast.admin, at=clock.now, full_name="Anna Manager")
    assert not AccessEvent.objects.exists()


def test_anybody_changes_his_own_name_language_and_zone(cast, clock):
    changed = people.edit(
        person=cast.manager, by=cast.manager, at=clock.now, full_name="Ania", language="pl", zone="Europe/Madrid"
    )
    assert (changed.full_name, changed.language, changed.zone) == ("Ania", "pl", "Europe/Madrid")


@pytest.mark.parametrize("changes", [{"role": Role.OWNER}, {"email": "other@example.com"}])
def test_a_manager_changes_neither_his_role_nor_his_address(cast, clock, changes):
    with pytest.raises(NotAllowed):
        people.edit(person=cast.manager, by=cast.manager, at=clock.now, **changes)


def test_a_manager_changes_nobody_else(cast, clock):
    with pytest.raises(NotAllowed):
        people.edit(person=cast.teammate, by=cast.manager, at=clock.now, full_name="Mocked")


def test_the_coordinator_cannot_make_himself_owner(cast, clock):
    make_user(role=Role.ADMIN)
    with pytest.raises(people.OwnAccess):
        people.edit(person=cast.admin, by=cast.admin, at=clock.now, role=Role.OWNER)


def test_the_coordinator_cannot_redirect_an_owners_address(cast, clock):
    with pytest.raises(people.OwnersAddress):
        people.edit(person=cast.owner, by=cast.admin, at=clock.now, email="mine@example.com")
    assert (
        people.edit(person=cast.owner, by=cast.owner, at=clock.now, email="new@example.com").email == "new@example.com"
    )


def test_a_head_of_a_team_keeps_the_role_until_the_team_has_another(cast, clock):
    with pytest.raises(people.StillHead, match="Sales"):
        people.edit(person=cast.head, by=cast.admin, at=clock.now, role=Role.MANAGER)


def test_the_last_coordinator_stays(cast, clock):
    second = make_user(role=Role.ADMIN)
    people.edit(person=second, by=cast.admin, at=clock.now, role=Role.MANAGER)
    third = make_user(role=Role.ADMIN, is_active=False)
    with pytest.raises(people.LastAdmin):
        people.edit(person=cast.admin, by=User(pk=third.pk, role=Role.ADMIN), at=clock.now, role=Role.MANAGER)


def test_deactivate_ends_tokens_and_sessions_and_keeps_the_membership(cast, clock, client):
    client.force_login(cast.manager)
    token, _secret = tokens.make(by=cast.manager, at=clock.now, name="Excel", scopes=["task.view"])
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    token.refresh_from_db()
    assert token.revoked_at == clock.now
    assert Membership.objects.get(user=cast.manager).ends_on is None
    assert client.get("/profile/").status_code == 302


def test_a_session_from_before_does_not_come_back_with_the_person(cast, clock, client):
    client.force_login(cast.manager)
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    people.activate(person=cast.manager, by=cast.admin, at=clock.now)
    assert client.get("/profile/").status_code == 302
    client.force_login(User.objects.get(pk=cast.manager.pk))
    assert client.get("/profile/").status_code == 200


def test_deactivating_a_head_warns_and_can_be_done_all_the_same(cast, clock):
    with pytest.raises(people.StillHeadWarned, match="Sales"):
        people.deactivate(person=cast.head, by=cast.admin, at=clock.now)
    people.deactivate(person=cast.head, by=cast.admin, at=clock.now, overridden=True)
    assert AccessEvent.objects.get(kind=EventKind.OFF).detail == {"led": "Sales"}


def test_nobody_switches_himself_off(cast, clock):
    with pytest.raises(people.OwnAccess):
        people.deactivate(person=cast.admin, by=cast.admin, at=clock.now)


def test_switching_off_twice_leaves_one_event(cast, clock):
    for _ in range(2):
        people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    assert AccessEvent.objects.filter(kind=EventKind.OFF).count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_accessevent SET by_id = person_id",
        "DELETE FROM accounts_accessevent",
        "TRUNCATE accounts_accessevent",
    ],
)
def test_the_trace_cannot_be_changed(cast, clock, statement):
    add(cast, clock)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DATABASE_REFUSES, match="refused"), transaction.atomic():
            cursor.execute(statement)


def test_an_event_cannot_bring_its_own_time(cast):
    event = AccessEvent.objects.create(kind=EventKind.ON, by=cast.admin, person=cast.admin, at="2020-01-01T00:00:00Z")
    event.refresh_from_db()
    assert event.at.year > 2020


@pytest.mark.django_db
def test_two_coordinators_cannot_switch_each_other_off(real_commits, clock):
    first, second = make_user(role=Role.ADMIN), make_user(role=Role.ADMIN)
    refused = []

    def switch_off(person, by):
        try:
            people.deactivate(person=person, by=by, at=clock.now)
        except (people.LastAdmin, NotAllowed, OperationalError) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=switch_off, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1
    assert len(refused) == 1


def test_the_head_of_nothing_may_change_his_role(cast, clock):
    make_team("Empty")
    head = make_user(role=Role.HEAD)
    assert people.edit(person=head, by=cast.admin, at=clock.now, role=Role.MANAGER).role == Role.MANAGER
