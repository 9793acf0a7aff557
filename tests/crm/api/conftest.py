"""Another program that asks in somebody's name."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from tests.factories.crm import make_stage


class Api:
    """Short words for requests under /api/v1/ as one person."""

    def __init__(self, user: Any) -> None:
        self.client = APIClient()
        self.client.force_login(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, **words: Any) -> Any:
        return self.client.post(f"/api/v1/{path}", words, format="json")

    def patch(self, path: str, **words: Any) -> Any:
        return self.client.patch(f"/api/v1/{path}", words, format="json")

    def delete(self, path: str, **words: Any) -> Any:
        return self.client.delete(f"/api/v1/{path}", words, format="json")


@pytest.fixture(autouse=True)
def _now(clock) -> Iterator[None]:
    """Let the views read the time of the test."""
    with time_machine.travel(clock.now, tick=False):
        yield


@pytest.fixture
def api(cast) -> Callable[..., Api]:
    """`api()` asks as the manager, `api(cast.stranger)` as somebody else."""
    return lambda user=None: Api(user or cast.manager)


@pytest.fixture
def stage(db):
    return make_stage("New", position=0)
