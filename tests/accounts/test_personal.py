import pytest
from django.utils import translation

from accounts.models import User


@pytest.fixture(autouse=True)
def _back_to_english():
    yield
    translation.activate("en")


def set_language(user, language, zone="Europe/Warsaw"):
    User.objects.filter(pk=user.pk).update(language=language, zone=zone)


def test_pages_are_in_the_persons_language(cast, client):
    set_language(cast.manager, "pl")
    client.force_login(cast.manager)
    answer = client.get("/profile/")
    assert '<html lang="pl"' in answer.content.decode()
    assert answer["Content-Language"] == "pl"


def test_a_language_chosen_in_this_browser_wins(cast, client):
    set_language(cast.manager, "pl")
    client.force_login(cast.manager)
    client.post("/i18n/setlang/", {"language": "es", "next": "/profile/"})
    assert '<html lang="es"' in client.get("/profile/").content.decode()


def test_saving_the_profile_sets_the_browsers_choice_back(cast, client):
    client.force_login(cast.manager)
    client.post("/i18n/setlang/", {"language": "es", "next": "/profile/"})
    client.post("/profile/", {"full_name": "Anna", "language": "pl", "zone": "Europe/Madrid"})
    assert '<html lang="pl"' in client.get("/profile/").content.decode()


def test_one_persons_language_is_not_the_next_ones(cast, client):
    set_language(cast.manager, "pl")
    client.force_login(cast.manager)
    client.get("/profile/")
    client.logout()
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()


def test_times_are_those_of_the_persons_zone(cast, client, clock):
    set_language(cast.owner, "en", "Asia/Tokyo")
    cast.manager.last_login = "2026-10-19T22:30:00+00:00"
    cast.manager.save()
    client.force_login(User.objects.get(pk=cast.owner.pk))
    assert "2026-10-20 07:30" in client.get("/people/").content.decode()
