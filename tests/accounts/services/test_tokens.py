from datetime import timedelta

import pytest

from accounts import policy
from accounts.models import AccessEvent, ApiToken, User
from accounts.permissions import Permission
from accounts.refusals import NotAllowed
from accounts.services import people, tokens


def make(user, clock, *scopes):
    return tokens.make(by=user, at=clock.now, name="Excel", scopes=scopes or ["task.view"])


def test_the_secret_is_long_and_only_its_hash_is_kept(cast, clock):
    token, secret = make(cast.manager, clock)
    assert len(secret) >= 43 + len(tokens.PREFIX)
    kept = ApiToken.objects.values_list().get(pk=token.pk)
    assert secret not in str(kept)
    assert secret.startswith(token.beginning)


def test_a_secret_finds_its_person_until_it_is_revoked(cast, clock):
    token, secret = make(cast.manager, clock)
    found = tokens.use(secret=secret, at=clock.now)
    assert found is not None
    assert found.user == cast.manager
    tokens.revoke(token=token, by=cast.manager, at=clock.now)
    assert tokens.use(secret=secret, at=clock.now) is None
    assert tokens.use(secret="daybook_wrong", at=clock.now) is None


def test_a_person_switched_off_has_no_token(cast, clock):
    _token, secret = make(cast.manager, clock)
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    people.activate(person=cast.manager, by=cast.admin, at=clock.now)
    assert tokens.use(secret=secret, at=clock.now) is None


def test_last_use_is_noted_every_few_minutes_only(cast, clock, django_assert_num_queries):
    token, secret = make(cast.manager, clock)
    tokens.use(secret=secret, at=clock.now)
    tokens.use(secret=secret, at=clock.now + timedelta(minutes=1))
    token.refresh_from_db()
    assert token.last_used_at == clock.now
    tokens.use(secret=secret, at=clock.now + timedelta(minutes=6))
    token.refresh_from_db()
    assert token.last_used_at == clock.now + timedelta(minutes=6)


@pytest.mark.parametrize("scopes", [["people.edit"], ["task.view", "settings.edit"], ["no.such"]])
def test_a_token_never_does_more_than_its_person(cast, clock, scopes):
    with pytest.raises(tokens.BeyondYou):
        make(cast.manager, clock, *scopes)


def test_a_token_for_nothing_is_refused(cast, clock):
    with pytest.raises(tokens.NothingChosen):
        tokens.make(by=cast.manager, at=clock.now, name="Excel", scopes=[])


def test_nobody_revokes_the_token_of_another(cast, clock):
    token, _secret = make(cast.manager, clock)
    for other in (cast.teammate, cast.head, cast.admin):
        with pytest.raises(NotAllowed):
            tokens.revoke(token=token, by=other, at=clock.now)


def test_making_and_revoking_leave_events(cast, clock):
    token, _secret = make(cast.manager, clock)
    for _ in range(2):
        tokens.revoke(token=token, by=cast.manager, at=clock.now)
    assert sorted(AccessEvent.objects.values_list("kind", flat=True)) == ["token_made", "token_revoked"]


def test_scopes_narrow_what_the_policy_grants(cast):
    narrowed = User.objects.get(pk=cast.manager.pk)
    narrowed.token_scopes = frozenset({Permission.DEAL_VIEW, Permission.SETTINGS_EDIT})
    assert policy.holds(narrowed, Permission.DEAL_VIEW)
    assert not policy.holds(narrowed, Permission.DEAL_EDIT)
    assert not policy.holds(narrowed, Permission.SETTINGS_EDIT), "a scope adds nothing to the role"
    assert policy.scope(narrowed, Permission.TASK_VIEW) == policy.NOBODY
