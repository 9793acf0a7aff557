"""A clock that the page and the database share."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine

from tests.fixtures import Clock


@pytest.fixture
def at(clock: Clock) -> Iterator[Callable[[str], datetime]]:
    """Show one and the same time to the database and to the program."""
    with time_machine.travel(clock.now, tick=False) as traveller:

        def show(wall: str) -> datetime:
            moment = clock.set(wall)
            traveller.move_to(moment)
            return moment

        yield show
