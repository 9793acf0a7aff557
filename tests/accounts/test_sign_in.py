from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import people
from notifications.models import Delivery, Message
from notifications.services import relay

PASSWORD = "right-horse-7"
WRONG = "The email address and/or password you specified are not correct."


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/sign-in/", {"login": email, "password": password}, **extra)


def signed_in(client):
    return client.get("/profile/").status_code == 200


def ask_for_password(client, email, **extra):
    return client.post("/password/reset/", {"email": email}, **extra)


def link_in_mail():
    relay.deliver_waiting(at=timezone.now() + timedelta(seconds=1))
    return next("/" + word.split("/", 3)[3] for word in mail.outbox[-1].body.split() if "/password/reset/" in word)


def test_a_person_signs_in_and_his_session_is_in_the_database(cast, client):
    answer = sign_in(client, cast.manager.email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)
    assert Session.objects.count() == 1


def test_the_case_of_the_address_does_not_matter(cast, client):
    sign_in(client, cast.manager.email.upper())
    assert signed_in(client)


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page_and_back(cast, client):
    answer = client.get("/teams/")
    assert answer["Location"] == "/sign-in/?next=/teams/"
    answer = client.post(answer["Location"], {"login": cast.manager.email, "password": PASSWORD})
    assert answer["Location"] == "/teams/"


def test_signing_in_never_leads_to_another_site(cast, client):
    answer = client.post("/sign-in/?next=https://evil.example/", {"login": cast.manager.email, "password": PASSWORD})
    assert answer["Location"] == "/"


def test_an_old_address_no_longer_signs_in(cast, client, clock):
    sign_in(client, cast.manager.email)
    client.post("/sign-out/")
    ask_for_password(client, cast.manager.email)
    client.get(link_in_mail(), follow=True)
    old = cast.manager.email
    people.edit(person=cast.manager, by=cast.admin, at=clock.now, email="new@example.com")
    sign_in(client, old)
    assert not signed_in(client)
    assert not EmailAddress.objects.exists()


def test_wrong_unknown_and_switched_off_get_the_same_answer(cast, client, clock):
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    answers = [
        sign_in(client, cast.teammate.email, "wrong-horse-7"),
        sign_in(client, "nobody@example.com"),
        sign_in(client, cast.manager.email),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert all(WRONG in answer.content.decode() for answer in answers)
    assert not signed_in(client)


def test_five_wrong_passwords_close_an_account_from_any_address(cast, client):
    for number in range(5):
        sign_in(client, cast.manager.email, "wrong-horse-7", REMOTE_ADDR=f"10.0.0.{number}")
    answer = sign_in(client, cast.manager.email, REMOTE_ADDR="10.0.0.99")
    assert "Too many failed login attempts" in answer.content.decode()
    assert not signed_in(client)
    sign_in(client, cast.teammate.email, REMOTE_ADDR="10.0.0.99")
    assert signed_in(client), "others go on working"


def test_the_same_happens_to_an_address_that_nobody_has(cast, client):
    for _ in range(5):
        sign_in(client, "nobody@example.com")
    assert "Too many failed login attempts" in sign_in(client, "nobody@example.com").content.decode()


def test_twenty_wrong_passwords_close_a_network_address_for_everybody(cast, client):
    for number in range(20):
        sign_in(client, f"nobody{number}@example.com", REMOTE_ADDR="10.0.0.1")
    answer = sign_in(client, cast.manager.email, REMOTE_ADDR="10.0.0.1")
    assert "Too many failed login attempts" in answer.content.decode()
    sign_in(client, cast.manager.email, REMOTE_ADDR="10.0.0.2")
    assert signed_in(client)


def test_a_right_password_does_not_wipe_out_the_guesses(cast, client):
    for _ in range(4):
        sign_in(client, cast.manager.email, "wrong-horse-7")
    sign_in(client, cast.manager.email)
    client.post("/sign-out/")
    sign_in(client, cast.manager.email, "wrong-horse-7")
    assert "Too many" in sign_in(client, cast.manager.email).content.decode()


def test_a_forged_forwarding_header_does_not_escape_the_count(cast, client):
    for number in range(21):
        answer = sign_in(
            client, f"n{number}@example.com", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{number}"
        )
    assert "Too many failed login attempts" in answer.content.decode()


def test_signing_out_ends_the_session_and_clears_the_browser(cast, client):
    sign_in(client, cast.manager.email)
    answer = client.post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer["Location"] == "/sign-in/"
    assert not signed_in(client)


def test_opening_the_sign_out_address_only_asks(cast, client):
    sign_in(client, cast.manager.email)
    assert client.get("/sign-out/").status_code == 200
    assert signed_in(client)


def test_nobody_signs_up(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/account/signup/").status_code == 404


@pytest.mark.parametrize("path", ["/sign-in/", "/password/reset/", "/password/reset/sent/", "/password/reset/done/"])
def test_pages_before_signing_in_are_open(client, db, path):
    assert client.get(path).status_code == 200


def test_asking_for_a_password_says_the_same_for_every_address(cast, client, clock):
    people.deactivate(person=cast.teammate, by=cast.admin, at=clock.now)
    answers = [ask_for_password(client, email) for email in (cast.manager.email, cast.teammate.email, "no@example.com")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/password/reset/sent/")}
    assert list(Delivery.objects.values_list("message__recipient", flat=True)) == [cast.manager.pk]


def test_asking_for_a_password_is_throttled_by_address_and_by_network(cast, client):
    for _ in range(5):
        ask_for_password(client, "no@example.com")
    assert ask_for_password(client, "no@example.com").status_code == 429
    for number in range(20):
        answer = ask_for_password(client, f"no{number}@example.com")
    assert answer.status_code == 429


def test_a_new_password_by_mail(cast, client):
    client.force_login(cast.manager)
    other = client.__class__()
    ask_for_password(other, cast.manager.email)
    page = other.get(link_in_mail(), follow=True)
    assert page.status_code == 200
    answer = other.post(page.redirect_chain[-1][0], {"password1": "green-hills-9", "password2": "green-hills-9"})
    assert answer["Location"] == "/password/reset/done/"
    assert not signed_in(client), "other sessions end with the old password"
    sign_in(other, cast.manager.email, "green-hills-9")
    assert signed_in(other)


def test_a_used_or_invented_link_opens_nothing(cast, client):
    ask_for_password(client, cast.manager.email)
    link = link_in_mail()
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "green-hills-9", "password2": "green-hills-9"})
    fresh = client.__class__()
    for address in (link, "/password/reset/1-abc-def/"):
        page = fresh.get(address, follow=True)
        assert "password1" not in page.content.decode()


def test_somebody_switched_off_meanwhile_cannot_use_his_link(cast, client, clock):
    ask_for_password(client, cast.manager.email)
    link = link_in_mail()
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    page = client.get(link, follow=True)
    if "password1" in page.content.decode():
        client.post(page.redirect_chain[-1][0], {"password1": "green-hills-9", "password2": "green-hills-9"})
    sign_in(client, cast.manager.email, "green-hills-9")
    assert not signed_in(client)


def test_changing_the_password_keeps_this_session_and_ends_the_others(cast, client):
    here, there = client, client.__class__()
    here.force_login(cast.manager)
    there.force_login(cast.manager)
    words = {"oldpassword": PASSWORD, "password1": "green-hills-9", "password2": "green-hills-9"}
    assert here.post("/password/change/", words)["Location"] == "/profile/"
    assert signed_in(here)
    assert not signed_in(there)
    message = Message.objects.get(recipient=cast.manager, kind="password_changed")
    assert message.context == {"network": "127.0.0.1"}


@pytest.mark.parametrize("password", ["short-7", "1234567890123", "password1234", "anna manager"])
def test_weak_passwords_are_refused(cast, client, password):
    client.force_login(cast.manager)
    client.post("/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert User.objects.get(pk=cast.manager.pk).check_password(PASSWORD)


def test_a_signed_in_person_loses_his_session_with_the_switch(cast, client, clock):
    sign_in(client, cast.manager.email)
    people.deactivate(person=cast.manager, by=cast.admin, at=clock.now)
    assert not signed_in(client)
