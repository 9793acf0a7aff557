from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Role
from accounts.services import people
from notifications.models import Message
from notifications.services import announcements, relay


def kinds_of(user):
    return list(Message.objects.filter(recipient=user).values_list("kind", flat=True))


def add(cast, role=Role.MANAGER, **more):
    return people.add(
        by=cast.admin, at=timezone.now(), email="nina@example.com", full_name="Nina Nowak", role=role, **more
    )


def test_an_invitation_goes_to_the_newcomer_with_a_link(cast):
    person = add(cast, invited=True)
    announcements.announce(at=timezone.now())
    relay.deliver_waiting(at=timezone.now())
    assert kinds_of(person) == ["invited"]
    assert "/password/reset/" in mail.outbox[0].body


def test_the_invitations_link_lets_the_newcomer_choose_a_password(cast, client):
    person = add(cast, invited=True)
    announcements.announce(at=timezone.now())
    relay.deliver_waiting(at=timezone.now())
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/" in word)
    form = client.get("/" + link.partition("://")[2].partition("/")[2], follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "green-hills-9", "password2": "green-hills-9"})
    person.refresh_from_db()
    assert person.check_password("green-hills-9")


@pytest.mark.parametrize("role", [Role.HEAD, Role.OWNER, Role.ADMIN])
def test_owners_hear_of_everybody_who_is_more_than_a_manager(cast, role):
    add(cast, role=role)
    announcements.announce(at=timezone.now())
    message = Message.objects.get(recipient=cast.owner)
    assert message.kind == "access_changed"
    assert message.context["role"] == ["", role]


def test_a_new_manager_is_no_news_for_the_owner(cast):
    add(cast)
    announcements.announce(at=timezone.now())
    assert kinds_of(cast.owner) == []


@pytest.mark.parametrize("changes", [{"role": Role.OWNER}, {"email": "elsewhere@example.com"}])
def test_owners_hear_of_roles_and_addresses_that_the_coordinator_changes(cast, changes):
    people.edit(person=cast.stranger, by=cast.admin, at=timezone.now(), **changes)
    announcements.announce(at=timezone.now())
    assert kinds_of(cast.owner) == ["access_changed"]


def test_a_new_name_is_no_news(cast):
    people.edit(person=cast.stranger, by=cast.admin, at=timezone.now(), full_name="Stefan S.")
    assert announcements.announce(at=timezone.now()) == 0


def test_each_is_told_once_also_after_an_outage(cast):
    people.edit(person=cast.stranger, by=cast.admin, at=timezone.now(), role=Role.HEAD)
    later = timezone.now() + timedelta(days=2)
    assert announcements.announce(at=later) == 1
    assert announcements.announce(at=later) == 0


def test_the_cost_does_not_grow_with_what_was_told(cast, django_assert_max_num_queries):
    for number in range(5):
        people.edit(person=cast.stranger, by=cast.admin, at=timezone.now(), email=f"n{number}@example.com")
    announcements.announce(at=timezone.now())
    with django_assert_max_num_queries(5):
        announcements.announce(at=timezone.now())
