"""What the pages of people, teams and the profile do; who may open them is in tests/permissions.yaml."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiToken, Membership, Role, Team, User
from accounts.services import tokens
from tests.budgets import assert_budget
from tests.factories.people import make_team, make_user

HTMX = {"HTTP_HX_REQUEST": "true"}
PERSON = {
    "full_name": "Nina Nowak",
    "email": "nina@example.com",
    "role": "manager",
    "language": "pl",
    "zone": "Europe/Warsaw",
}


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.admin)


def test_the_list_tells_who_signed_in_to_those_who_need_it(cast, sign_in):
    assert "Last sign-in" in sign_in(cast.admin).get("/people/").content.decode()
    page = sign_in(cast.manager).get("/people/").content.decode()
    assert "Stefan Stranger" in page
    assert "Last sign-in" not in page


def test_the_list_finds_by_a_part_of_the_name(cast, admin):
    page = admin.get("/people/?q=STRANG").content.decode()
    assert "Stefan Stranger" in page
    assert "Tomasz Teammate" not in page


def test_who_was_switched_off_is_listed_apart(cast, admin):
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert "Stefan Stranger" not in admin.get("/people/").content.decode()
    assert "Stefan Stranger" in admin.get("/people/?off=1").content.decode()


def test_nobody_found_says_what_to_try(admin):
    assert "Nobody of that name" in admin.get("/people/?q=zzz").content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "999999999999"])
def test_an_odd_page_number_breaks_nothing(admin, number):
    assert admin.get(f"/people/?page={number}").status_code == 200


def test_the_cost_of_the_lists_does_not_grow(cast, admin):
    def more():
        for _ in range(50):
            make_user(team=make_team(head=cast.head))

    assert_budget(admin, "/people/", 3, more)
    assert_budget(admin, "/teams/", 3, more)


def test_add_a_person_with_team_and_invitation(cast, admin):
    answer = admin.post("/people/new/", PERSON | {"team": cast.team.pk, "invited": "on"}, **HTMX)
    person = User.objects.get(email="nina@example.com")
    assert answer["HX-Redirect"] == f"/people/{person.pk}/"
    assert Membership.objects.get(user=person).team == cast.team
    assert set(person.access_events.values_list("kind", flat=True)) == {"added", "invited", "placed"}


def test_an_address_in_use_is_said_at_its_field(cast, admin):
    answer = admin.post("/people/new/", PERSON | {"email": cast.manager.email.upper()}, **HTMX)
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]


def test_change_a_person(cast, admin):
    admin.post(f"/people/{cast.manager.pk}/", PERSON | {"role": "head"})
    person = User.objects.get(pk=cast.manager.pk)
    assert (person.full_name, person.role) == ("Nina Nowak", Role.HEAD)
    assert "role changed" in admin.get(f"/people/{cast.manager.pk}/").content.decode()


def test_a_refusal_stands_on_the_page(cast, admin):
    answer = admin.post(f"/people/{cast.head.pk}/", PERSON)
    assert answer.status_code == 422
    assert "leads Sales" in answer.content.decode()


def test_place_a_person(cast, admin):
    day = timezone.localdate() + timedelta(days=3)
    admin.post(f"/people/{cast.manager.pk}/place/", {"team": cast.other_team.pk, "on": day.isoformat()})
    assert Membership.objects.get(user=cast.manager, team=cast.other_team).starts_on == day
    answer = admin.post(f"/people/{cast.manager.pk}/place/", {"team": cast.team.pk, "on": "2026-01-06"})
    assert answer.status_code == 422
    assert "Choose that day or a later one" in answer.content.decode()


def test_switch_off_asks_again_for_a_head_and_then_does_it(cast, admin):
    answer = admin.post(f"/people/{cast.head.pk}/off/")
    assert answer.status_code == 422
    assert "Switch off all the same" in answer.content.decode()
    admin.post(f"/people/{cast.head.pk}/off/", {"overridden": "on"})
    assert not User.objects.get(pk=cast.head.pk).is_active
    admin.post(f"/people/{cast.head.pk}/on/")
    assert User.objects.get(pk=cast.head.pk).is_active


def test_teams_are_added_and_changed_in_the_dialog(cast, admin):
    assert "<html" not in admin.get("/teams/new/", **HTMX).content.decode()
    admin.post("/teams/new/", {"name": "North", "parent": cast.team.pk, "head": cast.head.pk}, **HTMX)
    north = Team.objects.get(name="North")
    assert "North" in admin.get("/teams/").content.decode()
    answer = admin.post(f"/teams/{north.pk}/edit/", {"name": "Service"}, **HTMX)
    assert answer.status_code == 422
    admin.post(f"/teams/{north.pk}/edit/", {"name": "Coast"}, **HTMX)
    north.refresh_from_db()
    assert (north.name, north.parent, north.head) == ("Coast", None, None)


def test_a_team_cannot_be_sent_below_itself_by_hand(cast, admin):
    below = make_team("Below", parent=cast.team)
    answer = admin.post(f"/teams/{cast.team.pk}/edit/", {"name": "Sales", "parent": below.pk}, **HTMX)
    assert answer.status_code == 422
    assert answer.context["form"].errors["parent"]


def test_everybody_changes_his_own_profile_and_nothing_more(cast, sign_in):
    words = {"full_name": "Ania", "language": "es", "zone": "Europe/Madrid", "role": "admin", "email": "x@example.com"}
    sign_in(cast.manager).post("/profile/", words)
    person = User.objects.get(pk=cast.manager.pk)
    assert (person.full_name, person.role, person.email) == ("Ania", Role.MANAGER, cast.manager.email)


def test_an_owner_changes_his_address_with_his_password_only(cast, sign_in):
    client = sign_in(cast.owner)
    words = {"full_name": "Olga", "language": "en", "zone": "Europe/Warsaw", "email": "olga@example.com"}
    assert client.post("/profile/", words | {"password": "wrong"}).status_code == 422
    assert client.post("/profile/", words | {"password": "right-horse-7"}).status_code == 302
    assert User.objects.get(pk=cast.owner.pk).email == "olga@example.com"


def test_a_token_shows_its_secret_once(cast, sign_in):
    client = sign_in(cast.manager)
    made = client.post("/profile/tokens/", {"name": "Telephony", "scopes": ["deal.view", "task.view"]}, **HTMX)
    secret = re.search(r"daybook_[\w-]{43}", made.content.decode()).group()
    assert "no-store" in made["Cache-Control"]
    assert ApiToken.objects.get().secret_hash == tokens.digest(secret)
    page = client.get("/profile/").content.decode()
    assert "Telephony" in page
    assert secret not in page


def test_a_token_can_be_made_only_for_what_the_api_has_and_the_person_may(cast, sign_in):
    client = sign_in(cast.admin)
    for scope in ("settings.edit", "people.edit", "grant.take", "token.edit"):
        assert client.post("/profile/tokens/", {"name": "X", "scopes": [scope]}, **HTMX).status_code == 422


def test_revoke_a_token(cast, sign_in, clock):
    token, _secret = tokens.make(by=cast.manager, at=clock.now, name="Old", scopes=["deal.view"])
    sign_in(cast.manager).post(f"/profile/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None
