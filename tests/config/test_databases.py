"""The ground under the tests is itself tested: what one test commits, the next must not see."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone


@pytest.mark.parametrize("turn", [1, 2])
def test_what_is_committed_is_gone_afterwards(real_commits: None, turn: int) -> None:
    assert not connection.in_atomic_block
    assert Session.objects.count() == 0
    Session.objects.create(session_key=f"turn-{turn}", session_data="", expire_date=timezone.now())


@pytest.mark.django_db
def test_the_plain_database_fixture_starts_from_the_migrated_schema() -> None:
    assert Session.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('TimeZone')")
        assert cursor.fetchone() == ("off", "UTC")
