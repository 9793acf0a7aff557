"""Programs of this package, run as processes of their own with limits on memory and time."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from migrations_data.reading.limits import Limits

BASE = Path(__file__).resolve().parents[2]


class Died(Exception):
    """A program that ended by itself before it was through: `returncode` as subprocess has it, `said` its last words."""

    def __init__(self, returncode: int, said: str) -> None:
        self.returncode, self.said = returncode, said
        super().__init__(f"{returncode}: {said}")


def lines(program: str, *arguments: str, limits: Limits, told: bytes = b"") -> Iterator[bytes]:
    """What `migrations_data.reading.<program>` prints, while it runs. `told` goes to its standard input, where no list of processes
    shows it. Whoever stops listening ends it. Raises Died."""
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", f"migrations_data.reading.{program}", *arguments, json.dumps(limits.as_dict())],
            cwd=BASE,
            env={"PATH": os.defpath, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )  # fmt: skip
        clock = threading.Timer(limits.wall_seconds, child.kill)
        clock.start()
        try:
            _tell(child, told)
            yield from child.stdout or ()
            child.wait()  # its output is closed: it is going, and its return code says why
        finally:
            clock.cancel()
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
        if child.returncode:
            errors.seek(0)
            raise Died(child.returncode, errors.read(2000).decode(errors="replace"))


def _tell(child: subprocess.Popen[bytes], told: bytes) -> None:
    if child.stdin:
        with contextlib.suppress(BrokenPipeError), child.stdin as given:
            given.write(told)


def confine(given: str) -> Limits:
    """For the program itself: set its limits, out of the last argument, on the process that it runs in."""
    limits = Limits(**json.loads(given))
    for which, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        # a system that does not know a limit has the others and the wall clock
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (value, value))
    return limits
