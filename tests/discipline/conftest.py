"""What the tests of scored days share: people under the classic rules, and their figures of a day."""

from collections.abc import Callable

import pytest

from accounts.models import User
from discipline.metrics import METRICS, Measure, measure
from discipline.models import Scheme
from tests.factories.discipline import make_scored, window_of
from tests.factories.people import Cast

Figures = Callable[..., Measure]


@pytest.fixture
def scored(clock, cast: Cast) -> Scheme:
    """Manager and teammate are scored until 18:00 in Warsaw, Monday to Friday; it is Tuesday 2026-10-20, 10:00."""
    return make_scored(cast)


@pytest.fixture
def figure(scored) -> Figures:
    """A metric's measure of somebody's day."""

    def ask(metric: str, user: User, day: str = "2026-10-20") -> Measure:
        return measure([METRICS[metric]], [window_of(user, day)], whole=True)[metric][0]

    return ask


@pytest.fixture
def reasons(figure) -> Callable[..., list[tuple[str, str]]]:
    """Role and reason of every record behind a metric's figure."""

    def ask(metric: str, user: User, day: str = "2026-10-20") -> list[tuple[str, str]]:
        return [(record[2], record[3]) for record in figure(metric, user, day).evidence]

    return ask
