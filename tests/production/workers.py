"""Processes that are started to be killed, and the patience to see what becomes of their work."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from tests.production.form import BASE, commands


@contextmanager
def process(name: str, environment: Mapping[str, str], logs: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker or beat with the compose file's words, in a group of its own; killed at the end if it still lives."""
    words = commands()["worker" if name == "worker" else "beat"]
    with (logs / f"fault-{name}.log").open("ab") as log:
        running = subprocess.Popen(
            words, cwd=BASE, env=dict(environment), stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield running
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()


def until(database_url: str, asked: Any, *, seconds: float) -> Any:
    """Ask the database until the answer is something; the last answer when time is up."""
    end, answer = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            connection = psycopg2.connect(database_url)
        except psycopg2.OperationalError:
            time.sleep(0.2)
            continue
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                while time.monotonic() < end:
                    if answer := asked(cursor):
                        return answer
                    time.sleep(0.02)
        except psycopg2.OperationalError:
            time.sleep(0.2)
        finally:
            connection.close()
    return answer
