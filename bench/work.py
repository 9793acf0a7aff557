"""How long work takes, also on a machine that does other things: processor time of this process and of its database session.

Where the session's time cannot be read (a server elsewhere, another system) the clock on the wall has to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def stopwatch() -> Callable[[], float]:
    """A function that gives seconds from some moment on. The session works alone from here on, so that all its time is seen."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr() IS NULL")
        pid, here = cursor.fetchone()
    spent = Path(f"/proc/{pid}/schedstat")
    if not here or not spent.exists():
        return time.perf_counter
    return lambda: time.process_time() + int(spent.read_text().split()[0]) / 1e9
