"""Query budgets: a page's statements are counted, and must not grow with its rows."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

SESSION_AND_USER = 2


def statements(client: Client, url: str, **headers: Any) -> int:
    """SQL statements of one GET besides session and user; the page must answer 200."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, **headers)
    assert response.status_code == 200, (url, response.status_code)
    return len(captured) - SESSION_AND_USER


def assert_budget(client: Client, url: str, at_most: int, more_rows: Callable[[], object], **headers: Any) -> None:
    """The page costs at most `at_most` statements, and exactly as many after `more_rows` made fifty times the rows."""
    statements(client, url, **headers)
    few = statements(client, url, **headers)
    assert few <= at_most, f"{url}: {few} statements, budget {at_most}"
    more_rows()
    many = statements(client, url, **headers)
    assert many == few, f"{url}: {few} statements with few rows, {many} with many"
