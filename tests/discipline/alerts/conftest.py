"""The minute's run at a time of the test's choice, and what people were told by it."""

from collections.abc import Callable

import pytest

from accounts.models import User
from discipline import alerts
from notifications.models import Message
from notifications.services import relay
from tests.discipline.conftest import scored  # noqa: F401 - a fixture


@pytest.fixture
def run_at(clock) -> Callable[[str], int]:
    """Move the clock and run the alerts once."""

    def run(wall: str, zone: str = "Europe/Warsaw") -> int:
        return alerts.run(now=clock.set(wall, zone))

    return run


@pytest.fixture
def mail_at(run_at, clock) -> Callable[[str], int]:
    """Like `run_at`, and empty the outbox; how many letters went out."""

    def run(wall: str) -> int:
        run_at(wall)
        return relay.deliver_waiting(at=clock.now)

    return run


@pytest.fixture
def told() -> Callable[..., list[Message]]:
    """What somebody was told of a kind, oldest first, without what was withdrawn."""

    def ask(person: User, kind: str) -> list[Message]:
        return list(Message.objects.visible_to(person).filter(kind=kind).order_by("pk"))

    return ask
