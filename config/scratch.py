"""A database of its own for a while: scenarios and benchmarks play in it and never touch the company's."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import sql


@contextmanager
def scratch_database(name: str = "") -> Iterator[str]:
    """Make an empty, migrated database on the same server, point Django at it, and drop it at the end.

    Gives its name. The role needs CREATEDB. Connections of other processes to it are cut when it is dropped.
    """
    home: str = connection.settings_dict["NAME"]
    name = name or f"{home}_scratch_{os.getpid()}"
    with server(home) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        _point_at(name)
        call_command("migrate", verbosity=0, interactive=False)
        yield name
    finally:
        _point_at(home)
        with server(home) as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _point_at(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@contextmanager
def server(database: str) -> Iterator[Any]:
    """Give a cursor outside any transaction on `database`: databases cannot be made or dropped inside one."""
    words = {**connection.get_connection_params(), "dbname": database}
    for only_django in ("cursor_factory", "prepare_threshold", "context"):
        words.pop(only_django, None)
    with closing(psycopg2.connect(**words)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            yield cursor
