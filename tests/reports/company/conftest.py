"""The company that the owner's screen is tried on."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories.people import Cast
from tests.fixtures import Clock
from tests.reports.company.scene import Scene, make_scene


@pytest.fixture
def scene(cast: Cast, clock: Clock) -> Iterator[Scene]:
    made = make_scene(cast, clock)
    with time_machine.travel(clock.set("2026-10-20 10:00"), tick=False):
        yield made
