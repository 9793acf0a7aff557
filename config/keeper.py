"""Keeps one server running exactly as long as somebody uses it.

Who uses a server holds a shared lock on `<name>.users`. The keeper, a process of its own, starts the server as its child
and keeps trying for the exclusive lock: the kernel grants it when the last user has ended, however he ended - so Ctrl-C,
SIGTERM and kill -9 all leave nothing behind. Should the keeper itself be killed, the kernel tells the server to stop.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

from config.servers import Place, Postgres, Server, ServerFailed, Valkey

SERVERS: dict[str, Callable[..., Server]] = {"postgres": Postgres, "valkey": Valkey}
START_S = 60
STOP_S = 30
_PR_SET_PDEATHSIG = 1


def open_lock(folder: Path, name: str) -> IO[str]:
    """Open a lock file, making it when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / name).open("a", encoding="ascii")


def lock(file: IO[str], how: int) -> bool:
    """Take the lock; with LOCK_NB, say whether it was to be had."""
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    return True


def die_with(parent_signal: int) -> Callable[[], None]:
    """Return what a child runs first, so that the kernel sends it this signal when its parent dies (Linux)."""

    def ask() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(parent_signal), 0, 0, 0)

    return ask


def start(server: Server, log: IO[str]) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers; after a crash its old memory may take a few tries to go."""
    server.prepare()
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        child = subprocess.Popen(
            server.command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with(server.stop_signal),
            **server.place.identity(),
        )
        while child.poll() is None and time.monotonic() < until:
            if server.ready():
                return child
            time.sleep(0.03)
        stop(server, child)
        time.sleep(1)
    raise ServerFailed(f"{server.name} did not start within {START_S} seconds. Its last words are in {log.name}.")


def stop(server: Server, child: subprocess.Popen[bytes]) -> None:
    """End the server in good order, or by force when it does not end."""
    if child.poll() is None:
        child.send_signal(server.stop_signal)
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def keep(server: Server, *, folder: Path, keeper: IO[str], log: IO[str]) -> None:
    """Run the server until nobody holds the users' lock; start it again when it dies meanwhile."""
    ended: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)

    signal.signal(signal.SIGTERM, end)
    users, told = open_lock(folder, f"{server.name}.users"), folder / f"{server.name}.ready"
    child = start(server, log)
    told.write_text(str(os.getpid()), encoding="ascii")
    while not ended and not lock(users, fcntl.LOCK_EX | fcntl.LOCK_NB):
        time.sleep(0.1)
        if child.poll() is not None:
            child = start(server, log)
    stop(server, child)
    told.unlink(missing_ok=True)
    keeper.close()  # before `users`, so that who waits for that one finds no keeper and starts his own
    users.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument(
        "--keeper", type=int, required=True, help="the file descriptor of the lock that only a keeper holds"
    )
    parser.add_argument("--fast", action="store_true", help="do not wait for the disk: for tests")
    wish = parser.parse_args()
    folder = wish.var / "locks"
    failed = folder / f"{wish.server}.failed"
    failed.unlink(missing_ok=True)
    try:
        server = SERVERS[wish.server](Place.of(wish.var), durable=not wish.fast)
        keep(server, folder=folder, keeper=os.fdopen(wish.keeper, "a"), log=sys.stderr)
    except (ServerFailed, OSError) as error:
        failed.write_text(str(error), encoding="utf-8")
        sys.exit(f"{wish.server}: {error}")


if __name__ == "__main__":
    main()
