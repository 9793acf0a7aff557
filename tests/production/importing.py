"""Workers killed in the middle of an import: while it is tried, run and undone, at moments that nobody chose. Afterwards nothing is
lost, nothing is doubled, and the one that waited behind it was taken up."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.production import tables
from tests.production.form import BASE
from tests.production.workers import process, until

KILLS = {"preview": 4, "run": 10, "undo": 6}
WHOLE = 7
"""After so many kills of what works, the whole worker is killed once."""
BEGUN_WITHIN_S = 60
DONE_WITHIN_S = 240
WORKING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"


@dataclass
class Imports:
    """The words of `tests.production.tables`, said to a process inside the form."""

    inside: "subprocess.Popen[str]"

    def say(self, word: str, *numbers: int) -> dict[str, Any]:
        assert self.inside.stdin
        assert self.inside.stdout
        print(word, *numbers, file=self.inside.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.inside.stdout.readline())
        return answer


def importing(environment: Mapping[str, str], logs: Path) -> None:
    """Import, kill, take up; raises AssertionError when anything does not fit."""
    words = [sys.executable, "-m", "tests.production.tables"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, cwd=BASE, env=dict(environment), **pipes) as inside:
        imports = Imports(inside)
        made = imports.say("make")
        run = _Killing(environment, logs, imports, Random(20_261), made["lock"])
        for what in KILLS:
            run.through(what, made["big"], made["small"])
        assert inside.stdin
        inside.stdin.close()
    _check(run.seen, made["amount"])


def _check(seen: Mapping[str, Mapping[str, Any]], amount: int) -> None:
    tried, done, undone = (seen[what] for what in KILLS)
    nothing = {"company": 0, "contact": 0, "deal": 0}
    everything = {"company": tables.COMPANIES, "contact": tables.PEOPLE, "deal": tables.DEALS}
    for found, status, records in (
        (tried, "previewed", nothing), (done, "done", everything), (undone, "undone", nothing),
    ):  # fmt: skip
        assert found["status"] == status, found
        assert {name: found[name] for name in records} == records, found
        assert found["add_up"], found
        assert not found["doubled"], found
    assert done["amount"] == amount, done
    assert tried["created"] == done["created"] == sum(everything.values()), (tried, done)
    assert tried["asked"] == tried["questions"] == done["asked"] == done["questions"] == tables.ALIKE, (tried, done)


@dataclass
class _Killing:
    environment: Mapping[str, str]
    logs: Path
    imports: Imports
    random: Random
    lock: int

    def __post_init__(self) -> None:
        self.seen: dict[str, dict[str, Any]] = {}
        self.times = 0

    def through(self, what: str, big: int, small: int) -> None:
        """Ask for something, kill whoever does it again and again, then let it be done."""
        self.imports.say(what, big)
        if what == "run":
            self.imports.say(what, small)
        left = KILLS[what]
        while left:
            left -= self._with_a_worker(left)
        with process("worker", self.environment, self.logs):
            self.imports.say("nudge")
            end = time.monotonic() + DONE_WITHIN_S
            while self._busy(big) or (what == "run" and self._busy(small)):
                assert time.monotonic() < end, f"{what} is not through: {self.imports.say('figures', big)}"
                time.sleep(0.2)
        self.seen[what] = self.imports.say("figures", big)
        print(f"  {what}: killed {KILLS[what]} times at work, then {self.seen[what]}", flush=True)

    def _busy(self, number: int) -> bool:
        return self.imports.say("figures", number)["status"] in ("previewing", "running", "undoing")

    def _at_work(self, cursor: Any) -> bool:
        cursor.execute(WORKING, [self.lock])
        return bool(cursor.fetchall())

    def _with_a_worker(self, most: int) -> int:
        """Start a worker, kill the processes in which it works, and after some of them the whole of it; how many kills."""
        with process("worker", self.environment, self.logs) as worker:
            for turn in range(1, most + 1):
                self.imports.say("nudge")
                at_work = until(self.environment["DATABASE_URL"], self._at_work, seconds=BEGUN_WITHIN_S)
                assert at_work, "nobody takes the import up"
                time.sleep(self.random.uniform(0.05, 0.4))
                self.times += 1
                if self.times % WHOLE == 0:
                    return turn  # the whole worker is killed on the way out
                for child in _children(worker.pid):
                    os.kill(child, signal.SIGKILL)
                until(
                    self.environment["DATABASE_URL"], lambda cursor: not self._at_work(cursor), seconds=BEGUN_WITHIN_S
                )
            return most


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
