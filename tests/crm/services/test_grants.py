from datetime import timedelta

import pytest

from accounts.models import Role
from accounts.permissions import Permission
from accounts.policy import can
from accounts.refusals import NotAllowed
from crm.models import Grant
from crm.services import grants
from notifications.models import Message
from tests.factories.crm import make_company
from tests.factories.people import make_user

REASON = "Merging two customers for Anna"


def take(user, clock, reason=REASON, hours=2):
    return grants.take(by=user, at=clock.now, reason=reason, hours=hours)


def test_access_is_for_the_hours_asked_and_every_owner_is_told(cast, clock):
    second_owner = make_user(role=Role.OWNER)
    grant = take(cast.admin, clock)
    assert grant.ends_at - grant.starts_at == timedelta(hours=2)
    told = Message.objects.filter(kind="grant_taken")
    assert {message.recipient for message in told} == {cast.owner, second_owner}
    assert told[0].context["reason"] == REASON
    assert told[0].deliveries.count() == 1


def test_clients_open_with_it_and_close_after_it(cast, clock, monkeypatch):
    company = make_company(cast.manager)
    assert not can(cast.admin, Permission.COMPANY_VIEW, company)
    take(cast.admin, clock)
    monkeypatch.setattr("crm.policy.timezone.now", lambda: clock.now + timedelta(hours=1))
    assert can(cast.admin, Permission.COMPANY_VIEW, company)
    monkeypatch.setattr("crm.policy.timezone.now", lambda: clock.now + timedelta(hours=2))
    assert not can(cast.admin, Permission.COMPANY_VIEW, company)


@pytest.mark.parametrize("reason", ["", "   ", "test", "         x"])
def test_without_a_reason_there_is_no_access(cast, clock, reason):
    with pytest.raises(grants.ReasonMissing):
        take(cast.admin, clock, reason=reason)
    assert not Grant.objects.exists()


@pytest.mark.parametrize("hours", [0, -1, 9, 8760])
def test_access_lasts_a_working_day_at_most(cast, clock, hours):
    with pytest.raises(grants.TooLong):
        take(cast.admin, clock, hours=hours)


def test_one_at_a_time(cast, clock):
    take(cast.admin, clock)
    with pytest.raises(grants.InForce):
        take(cast.admin, clock)


def test_it_can_be_ended_early_and_taken_again(cast, clock):
    grant = take(cast.admin, clock)
    clock.set("2026-10-20 10:30")
    assert grants.end(grant=grant, by=cast.admin, at=clock.now).ends_at == clock.now
    take(cast.admin, clock)


def test_ending_what_is_over_changes_nothing(cast, clock):
    grant = take(cast.admin, clock, hours=1)
    later = clock.now + timedelta(hours=5)
    assert grants.end(grant=grant, by=cast.admin, at=later).ends_at == grant.ends_at


def test_nobody_ends_the_access_of_another(cast, clock):
    grant = take(cast.admin, clock)
    with pytest.raises(NotAllowed):
        grants.end(grant=grant, by=make_user(role=Role.ADMIN), at=clock.now)


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_takes_access(cast, clock, who):
    with pytest.raises(NotAllowed):
        take(getattr(cast, who), clock)
