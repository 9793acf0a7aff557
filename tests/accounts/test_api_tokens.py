import pytest
from django.test import RequestFactory
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import policy
from accounts.api import TokenAuthentication
from accounts.permissions import Permission
from accounts.services import people, tokens


def authenticate(header):
    return TokenAuthentication().authenticate(Request(RequestFactory().get("/", HTTP_AUTHORIZATION=header)))


@pytest.fixture
def secret(cast, clock):
    return tokens.make(by=cast.manager, at=clock.now, name="Telephony", scopes=["deal.view"])[1]


def test_the_person_comes_narrowed_to_the_scopes(cast, secret):
    user, _token = authenticate(f"bearer {secret}")
    assert user == cast.manager
    assert policy.holds(user, Permission.DEAL_VIEW)
    assert not policy.holds(user, Permission.DEAL_EDIT)


def test_a_person_who_lost_the_role_loses_it_through_the_token_too(cast, secret, clock):
    people.edit(person=cast.manager, by=cast.admin, at=clock.now, role="owner")
    user, token = authenticate(f"Bearer {secret}")
    token.scopes = ["deal.edit"]
    token.save()
    user, _token = authenticate(f"Bearer {secret}")
    assert not policy.holds(user, Permission.DEAL_EDIT)


def test_a_retired_scope_opens_nothing(cast, secret):
    _user, token = authenticate(f"Bearer {secret}")
    token.scopes = ["deal.retired"]
    token.save()
    assert authenticate(f"Bearer {secret}")[0].token_scopes == frozenset()


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer daybook_invented"])
def test_an_invented_token_is_refused(db, header):
    with pytest.raises(AuthenticationFailed):
        authenticate(header)


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Token abc"])
def test_another_header_is_left_to_the_session(db, header):
    assert authenticate(header) is None


def test_a_token_opens_no_page(cast, client, secret):
    assert client.get("/profile/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 302
