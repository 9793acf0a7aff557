"""Query budgets: a page's statements are counted, and must not grow with its rows."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.scratch import server

SESSION_AND_USER = 2
OURS = "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class WHERE relkind = 'r' AND relname LIKE 'crm\\_%'"


def sweep() -> None:
    """Take away what earlier tests left in the tables, rolled back as it is: pages are counted, and these would count too.

    To be called before the test writes anything there: it takes the tables for itself for a moment.
    """
    with server(connection.settings_dict["NAME"]) as cursor:
        cursor.execute(OURS)
        (tables,) = cursor.fetchone()
        cursor.execute(f"VACUUM (FULL) {tables}")


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
