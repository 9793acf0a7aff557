import pytest
from django.core.cache import cache, caches

from accounts import throttling
from accounts.throttling import PatientRedisCache
from tests.accounts.test_sign_in import sign_in, signed_in


@pytest.fixture
def redis_away(monkeypatch):
    """The cache with an address behind which nobody answers."""
    options = {"OPTIONS": {"socket_connect_timeout": 0.2}, "KEY_PREFIX": "away"}
    away = PatientRedisCache("redis://127.0.0.1:1/0", options)
    monkeypatch.setattr(caches._connections, "default", away)
    assert caches["default"] is away
    return away


def test_the_cache_works_on_without_redis(redis_away):
    cache.set("word", "kept", 60)
    assert cache.get("word") == "kept"
    assert not cache.add("word", "other", 60)
    assert cache.delete("word")
    assert cache.get("word") is None


def test_people_sign_in_while_redis_is_away(cast, client, redis_away):
    sign_in(client, cast.manager.email)
    assert signed_in(client)


def test_guessing_is_counted_while_redis_is_away(cast, client, redis_away):
    for _ in range(5):
        sign_in(client, cast.manager.email, "wrong-horse-7")
    assert "Too many failed login attempts" in sign_in(client, cast.manager.email).content.decode()


def test_readiness_says_that_redis_is_away(client, db, redis_away):
    cache.set("word", "kept", 60)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["redis"]) == (503, False)


def test_a_dead_address_is_asked_once_a_pause(redis_away, monkeypatch):
    asked = []

    class Redis:
        def get(self, key, default):
            asked.append(key)
            raise ConnectionError("away")

    monkeypatch.setattr(PatientRedisCache, "_cache", Redis())
    for _ in range(5):
        cache.get("word")
    assert len(asked) == 1
    monkeypatch.setattr(throttling.time, "monotonic", lambda: redis_away._away_until + 1)
    cache.get("word")
    assert len(asked) == 2
