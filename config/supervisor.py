"""Runs web, worker and beat as children, starts again what dies, and leaves nothing behind when it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.keeper import die_with

FIRST_PORT = 8000
PORTS_TRIED = 50
GRACE_S = 10  # Ctrl-C is answered by a person waiting; what a task leaves undone is found again
CALM_S = 60  # a process that lived this long is started again at once
LONGEST_PAUSE_S = 30
LOG_LIMIT = 5_000_000  # bytes; a longer log starts anew


class Stopped(BaseException):
    """Ctrl-C, SIGTERM, or the end of whoever started us: time to stop everything."""


@dataclass
class Child:
    """One process that should always run."""

    name: str
    command: list[str]
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0
    logs: Path = field(default_factory=Path)

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name}.log"

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C in the terminal comes to the supervisor alone."""
        short = not self.log.exists() or self.log.stat().st_size < LOG_LIMIT
        with self.log.open("ab" if short else "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.keep_open,
                start_new_session=True,
                preexec_fn=die_with(signal.SIGTERM),
            )
        self.started = time.monotonic()

    def died(self) -> bool:
        """Say whether it has ended since it was started."""
        return self.process is not None and self.process.poll() is not None

    def pause(self) -> float:
        """Return how long to wait before the next start: longer each time it dies young."""
        self.failures = 0 if time.monotonic() - self.started > CALM_S else self.failures + 1
        return min(2.0**self.failures / 2, LONGEST_PAUSE_S) if self.failures else 0.0

    def send(self, number: int) -> None:
        """Send a signal to the process and everything it started."""
        if self.process and self.process.poll() is None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


def listen(wanted: str, host: str = "127.0.0.1") -> socket.socket:
    """Return a listening socket on the wanted port, or on the first free one from 8000.

    Held by the supervisor, so that the address stays ours while the web server starts again. Raises OSError when the
    wanted port is taken.
    """
    for port in [int(wanted)] if wanted else [*range(FIRST_PORT, FIRST_PORT + PORTS_TRIED), 0]:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError:
            listener.close()
            if wanted:
                raise
            continue
        listener.set_inheritable(True)
        return listener
    raise OSError("no free port")


def children(listener: socket.socket, *, logs: Path) -> list[Child]:
    """Return the three processes of a running Daybook."""
    python, fd = sys.executable, listener.fileno()
    celery = [python, "-m", "celery", "-A", "config.celery"]
    logs.mkdir(parents=True, exist_ok=True)
    web = [
        python, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{fd}", "--worker-class", "gthread", "--workers", "2",
        "--threads", "4", "--preload", "--no-control-socket", "--graceful-timeout", "5", "--timeout", "60",
    ]  # fmt: skip
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
    return [
        Child("web", web, keep_open=(fd,), logs=logs),
        Child("worker", worker, logs=logs),
        Child("beat", beat, logs=logs),
    ]


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Turn signals into Stopped; give a function that also raises it when our parent has ended.

    Who starts us under nohup wants us to outlive his terminal, so then the parent is not watched.
    """
    own, parent, stays = os.getpid(), os.getppid(), signal.getsignal(signal.SIGHUP) is signal.SIG_IGN

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() != own:  # forked by a command that we run, and told to go
            os._exit(0)
        raise Stopped

    def check() -> None:
        if not stays and os.getppid() != parent:
            raise Stopped

    wanted = [signal.SIGINT, signal.SIGTERM] + ([] if stays else [signal.SIGHUP])
    before = {number: signal.signal(number, end) for number in wanted}
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch(group: list[Child], *, check: Callable[[], None], say: Callable[[str], None]) -> None:
    """Start again what dies, until `check` raises Stopped."""
    while True:
        check()
        for child in group:
            if child.due and time.monotonic() >= child.due:
                child.due = 0.0
                child.start()
            elif not child.due and child.died() and child.process is not None:
                pause = child.pause()
                child.due = time.monotonic() + pause or 1e-9
                say(
                    f"{child.name} ended with {child.process.returncode}; starting it again in {pause:.0f} s. See {child.log}"
                )
        time.sleep(0.2)


def stop(group: list[Child]) -> None:
    """End all children in good order, by force after the grace; deaf to a second Ctrl-C, which would leave some running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in group:
        if child.process and child.process.poll() is None:
            child.process.terminate()
    until = time.monotonic() + GRACE_S
    for child in group:
        if child.process:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, until - time.monotonic()))
            # Also what the process itself left behind.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
