"""What every test stands on: a real PostgreSQL and Valkey (given, or our own), and no way out to the network."""

import os
import sys
import uuid
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase

from config import embedded
from tests.databases import Clones

pytest_plugins = ["tests.fixtures"]

# The tests' own servers and files, apart from those that `make run` keeps. Processes started by a test inherit it.
if "DAYBOOK_TEST_VAR" not in os.environ:
    os.environ["DAYBOOK_TEST_VAR"] = os.environ["DAYBOOK_VAR"] = str(embedded.var() / "test")

if not os.environ.get("DATABASE_URL"):
    settings.DATABASES["default"].update(embedded.database())
if not os.environ.get("REDIS_URL"):
    settings.REDIS_URL = settings.CACHES["default"]["LOCATION"] = embedded.valkey_url()
    settings.CELERY_BROKER_URL = embedded.valkey_url().replace("unix://", "redis+socket://", 1)
settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"test-{uuid.uuid4().hex}:"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True  # so that a browser gets them uncollected
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

CLONES = pytest.StashKey[Clones]()


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """Have PostgreSQL and Valkey for the whole run."""
    with embedded.hold(fast=True):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    servers: None, django_test_environment: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Give this process a clone of the migrated template."""
    clones = Clones()
    with django_db_blocker.unblock():
        clones.make()
    # In place of a flush, which tables with history refuse: what a test committed goes with its clone.
    TransactionTestCase._fixture_teardown = lambda self: clones.renew()  # type: ignore[attr-defined]
    yield
    with django_db_blocker.unblock():
        clones.drop()


@pytest.fixture
def real_commits(transactional_db: None) -> None:
    """Let the test commit for real, as several connections at once must; afterwards the database is a fresh clone."""


@pytest.fixture(autouse=True)
def _own_cache(servers: None) -> None:
    """Give each test a cache that nobody has written to, so that throttling does not carry over."""
    settings.CACHES["default"]["KEY_PREFIX"] = cache.key_prefix = f"test-{uuid.uuid4().hex}"


@pytest.fixture(autouse=True, scope="session")
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep uploads of tests out of the data folder."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


def _refuse_the_network(event: str, words: tuple[Any, ...]) -> None:
    """Stop a test that reaches for anything but this machine (an audit hook: Python's own sockets all pass here)."""
    if event == "socket.connect":
        address = words[1]
    elif event == "socket.getaddrinfo":
        address = words[:2]
    else:
        return
    if isinstance(address, tuple) and not _local(address[0]):
        raise RuntimeError(f"A test may not reach {address[0]!r}: only this machine is there for it.")


def _local(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", urlsplit(os.environ.get("REDIS_URL", "")).hostname}:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_the_network)
