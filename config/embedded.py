"""PostgreSQL and Valkey for a machine that has neither: found, started when first used, stopped after the last user.

Nothing here runs when DATABASE_URL and REDIS_URL are given. Each data folder (`var`, or DAYBOOK_VAR) has its own servers,
sockets and locks, so that two clones do not meet. Standard library only.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import IO

from config import servers
from config.keeper import START_S, STOP_S, lock, open_lock
from config.servers import Place, ServerFailed, Valkey

BASE_DIR = Path(__file__).resolve().parent.parent
LOG_LIMIT = 5_000_000  # bytes; a longer log starts anew

WITHOUT_DATABASE = {"up", "help", "version", "collectstatic", "compilemessages", "findstatic", "makemessages"}
WITH_REDIS = {"runserver"}


def var() -> Path:
    """Return the data folder: DAYBOOK_VAR, or `var` beside manage.py."""
    return Path(os.environ.get("DAYBOOK_VAR") or BASE_DIR / "var").expanduser().resolve()


def installed() -> bool:
    """Say whether the wheels with the servers are there (production leaves them out)."""
    return all((servers.SITE / wheel[0]).is_dir() for wheel in (servers.POSTGRES_WHEEL, servers.VALKEY_WHEEL))


def database() -> dict[str, object]:
    """Give Django's connection to our own PostgreSQL."""
    return {"NAME": servers.NAME, "USER": servers.NAME, "HOST": str(Place.of(var()).sockets)}


def valkey_url() -> str:
    """Give the address of our own Valkey."""
    return f"unix://{Valkey(Place.of(var()), durable=True).socket}"


def for_command(argv: Sequence[str]) -> AbstractContextManager[object]:
    """Hold what this command line of manage.py needs, for as long as it runs."""
    words = [word for word in argv[1:] if word not in {"--help", "-h", "--version"}]
    if len(words) < len(argv) - 1 or not words or words[0] in WITHOUT_DATABASE:
        return nullcontext()
    return hold(redis=words[0] in WITH_REDIS)


@contextmanager
def hold(*, redis: bool = True, fast: bool = False) -> Iterator[None]:
    """Have the servers that the environment does not name; `fast` trades safety from power cuts for speed, for tests."""
    wanted = [("postgres", "DATABASE_URL")] + ([("valkey", "REDIS_URL")] if redis else [])
    with ExitStack() as stack:
        for name, given in wanted:
            if not os.environ.get(given):
                stack.enter_context(_using(name, var=var(), fast=fast))
        yield


@contextmanager
def _using(name: str, *, var: Path, fast: bool) -> Iterator[None]:
    """Use one server together with whoever else does; see keeper.py for the locks."""
    if not installed():
        sys.exit(f"No {name} is given and none is installed. Run `make setup`, or set DATABASE_URL and REDIS_URL.")
    var.mkdir(parents=True, exist_ok=True)
    folder = var / "locks"
    with open_lock(folder, f"{name}.users") as users:
        lock(users, fcntl.LOCK_SH)
        try:
            _ensure(name, var=var, folder=folder, fast=fast)
        except ServerFailed as error:
            sys.exit(f"Daybook's own {name} could not start. {error}")
        try:
            yield
        finally:
            lock(users, fcntl.LOCK_UN)
            _see_off(name, folder=folder, users=users)


def _ensure(name: str, *, var: Path, folder: Path, fast: bool) -> None:
    """Start a keeper unless one is there, and wait until its server answers."""
    with open_lock(folder, f"{name}.start") as turn:
        lock(turn, fcntl.LOCK_EX)
        child = None
        with open_lock(folder, f"{name}.keeper") as keeper:
            if lock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB):
                (folder / f"{name}.ready").unlink(missing_ok=True)
                child = _start_keeper(name, var=var, keeper=keeper, fast=fast)
        until = time.monotonic() + START_S + 30
        while not (folder / f"{name}.ready").exists():
            if time.monotonic() > until or (child and child.poll() is not None):
                failed = folder / f"{name}.failed"
                raise ServerFailed(failed.read_text() if failed.exists() else f"See {var / 'log' / name}.log.")
            time.sleep(0.03)


def _start_keeper(name: str, *, var: Path, keeper: IO[str], fast: bool) -> subprocess.Popen[bytes]:
    """Start the keeper with the lock already in its hand, away from our terminal's Ctrl-C."""
    path = var / "log" / f"{name}.log"
    path.parent.mkdir(exist_ok=True)
    short = not path.exists() or path.stat().st_size < LOG_LIMIT
    words = [sys.executable, "-m", "config.keeper", name, "--var", str(var), "--keeper", str(keeper.fileno())]
    with path.open("a" if short else "w") as log:
        return subprocess.Popen(
            words + (["--fast"] if fast else []),
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[keeper.fileno()],
            start_new_session=True,
        )


def _see_off(name: str, *, folder: Path, users: IO[str]) -> None:
    """As the last user, wait until the server has stopped; with others still there, go at once."""
    until = time.monotonic() + STOP_S + 5
    while time.monotonic() < until and not _keeper_gone(name, folder=folder):
        last = lock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not last and lock(users, fcntl.LOCK_SH | fcntl.LOCK_NB):
            return
        lock(users, fcntl.LOCK_UN)
        time.sleep(0.05)


def _keeper_gone(name: str, *, folder: Path) -> bool:
    """Say whether no keeper holds its lock, asked in turn so that nobody who starts one is misled."""
    with open_lock(folder, f"{name}.start") as turn:
        if not lock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
        with open_lock(folder, f"{name}.keeper") as keeper:
            return lock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
