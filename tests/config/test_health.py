import socket

import pytest
from django.db import connection
from django.test import Client


def test_live_answers_without_asking_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_says_what_is_in_place(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "redis": True, "migrations": True}


@pytest.mark.django_db
def test_ready_refuses_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_a_test_cannot_reach_the_network() -> None:
    with pytest.raises(RuntimeError, match="only this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
