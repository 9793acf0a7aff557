"""What goes wrong in earnest: workers killed in the middle of closing, Redis emptied, the timetable started twice, the database
crashing, the same job ten times at once. Afterwards each person has one card per day, and the ledger fits."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import redis

from discipline.sql import CLOSERS_LOCK
from tests.production.form import BASE
from tests.production.workers import process, until

KILLS = 20
FLUSHES = (4, 9, 14)
CRASHES = (7, 12)
AT_ONCE = 10
BEGUN_WITHIN_S = 60
CLOSED_WITHIN_S = 120
TASK = "discipline.tasks.close_days"
CLOSING = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {CLOSERS_LOCK} AND granted"


def faults(environment: Mapping[str, str], logs: Path) -> None:
    """Let everything go wrong and look what is left; raises AssertionError when anything does not fit."""
    random = Random(20_261)
    made = _crowd(environment, "make")
    killed = _kill_again_and_again(environment, logs, random)
    with ExitStack() as stack:
        for name in ("beat", "beat-again", "worker"):
            stack.enter_context(process(name, environment, logs))
        _ask(environment, AT_ONCE)
        until(environment["DATABASE_URL"], _closers, seconds=BEGUN_WITHIN_S)
        until(environment["DATABASE_URL"], lambda cursor: not _closers(cursor), seconds=CLOSED_WITHIN_S)
    found = _crowd(environment, "check")
    print(f"  {made['people']} people; {killed}; {found}", flush=True)
    assert found["cards"] == found["expected"] > 0, found
    assert not any(found[name] for name in ("wrong", "broken", "unbalanced", "missing", "differing")), found


def _kill_again_and_again(environment: Mapping[str, str], logs: Path, random: Random) -> dict[str, int]:
    """Kill a worker each time it is closing, now and then with Redis emptied or the database crashing as well."""
    counts = {"workers killed": 0, "while closing": 0, "Redis emptied": 0, "database crashes": 0}
    for turn in range(KILLS):
        with process("worker", environment, logs) as worker:
            _ask(environment, AT_ONCE)
            closing = until(environment["DATABASE_URL"], _closers, seconds=BEGUN_WITHIN_S)
            time.sleep(random.uniform(0, 0.4))
            if turn in FLUSHES:
                redis.Redis.from_url(environment["REDIS_URL"]).flushall()
                counts["Redis emptied"] += 1
            if turn in CRASHES and closing:
                os.kill(closing[0], signal.SIGKILL)  # the server takes every backend down with this one, and recovers
                counts["database crashes"] += 1
                time.sleep(random.uniform(0, 2))
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            counts["workers killed"] += 1
            counts["while closing"] += bool(closing)
    assert counts["while closing"] == KILLS, f"not all were killed at work: {counts}"
    return counts


def _ask(environment: Mapping[str, str], times: int) -> None:
    """Put the same job into the queue so many times."""
    script = (
        "from config.celery import app\n"
        f"for _ in range({times}): app.send_task({TASK!r})\n"
    )  # fmt: skip
    subprocess.run([sys.executable, "-c", script], check=True, cwd=BASE, env=dict(environment))


def _closers(cursor: Any) -> list[int]:
    """The backends that are closing days."""
    cursor.execute(CLOSING)
    return [pid for (pid,) in cursor.fetchall()]


def _crowd(environment: Mapping[str, str], word: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.production.crowd", word]
    done = subprocess.run(words, check=True, cwd=BASE, env=dict(environment), stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return found
