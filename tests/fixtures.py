"""The cast and the clock: fixtures that every test may ask for."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import User
from crm.history.clock import movable, show
from tests.factories.people import Cast, make_cast


class Clock:
    """The time of a test. `set` moves what the database stamps on this connection; `now` is what to pass as `at`."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 20, 8, 0, tzinfo=ZoneInfo("UTC"))

    def set(self, wall: str, zone: str = "Europe/Warsaw") -> datetime:
        """Show "2026-10-20 10:00" in `zone`, or an instant with its own offset; returns it."""
        moment = datetime.fromisoformat(wall)
        self.now = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        show(self.now)
        return self.now


@pytest.fixture
def clock(db: None) -> Iterator[Clock]:
    """A clock that stands still at Tuesday 2026-10-20 10:00 in Warsaw until the test moves it."""
    with movable():
        clock = Clock()
        clock.set("2026-10-20 10:00")
        yield clock


@pytest.fixture
def cast(db: None) -> Cast:
    """Owner, admin, head with two people in his team, and a stranger in another team under another head."""
    return make_cast()


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """A browser signed in as somebody."""

    def enter(user: User) -> Client:
        client.force_login(user)
        return client

    return enter
