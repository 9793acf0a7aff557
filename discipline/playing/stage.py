"""The scratch database that stories are played on, and the clock that stamps it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from psycopg2 import errors, sql

from crm.history.clock import movable, show


class NoScratch(Exception):
    """The database role may not make databases."""


class Clock:
    """The time of the story: what the database stamps, and what the program takes for now."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def set(self, moment: datetime) -> None:
        self.now = moment
        show(moment)


class Stage:
    """A migrated database that is copied for every story; all of them are dropped at the end."""

    def __init__(self) -> None:
        self._home: str = connection.settings_dict["NAME"]
        self._template = f"{self._home}_play_{os.getpid()}"
        self._played = 0

    @contextmanager
    def built(self) -> Iterator[Stage]:
        """Make the template, and remove it afterwards. Raises NoScratch."""
        try:
            self._run("CREATE DATABASE {} TEMPLATE template0", self._template)
        except errors.InsufficientPrivilege as error:
            raise NoScratch from error
        try:
            with self._at(self._template):
                call_command("migrate", verbosity=0, interactive=False)
            yield self
        finally:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._template)

    @contextmanager
    def scene(self) -> Iterator[Clock]:
        """Let Django work on a fresh copy, under a clock of its own."""
        self._played += 1
        name = f"{self._template}_{self._played}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        self._run("ALTER DATABASE {} SET synchronous_commit = off", name)
        try:
            with self._at(name), movable(), _program_time(clock := Clock()):
                yield clock
        finally:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    @contextmanager
    def _at(self, name: str) -> Iterator[None]:
        connections.close_all()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = self._home

    def _run(self, statement: str, *names: str) -> None:
        """Run a statement that no transaction may hold, on the database that is always there."""
        words = {key: value for key, value in connection.get_connection_params().items() if key != "cursor_factory"}
        with closing(psycopg2.connect(**{**words, "dbname": self._home})) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def _program_time(clock: Clock) -> Iterator[None]:
    """Policies ask the program what day it is; here it is the story's."""
    real: Callable[[], datetime] = timezone.now
    told: Any = lambda: clock.now  # noqa: E731 - the same form as what it stands for
    timezone.now = told
    try:
        yield
    finally:
        timezone.now = real
