"""`manage.py up`: everything that a working Daybook needs, under one supervisor."""

import fcntl
import hashlib
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections

from config import embedded, supervisor
from config.keeper import die_with, lock, open_lock
from config.supervisor import Child, Stopped

FIRST_ANSWER_S = 60


class Command(BaseCommand):
    """Starts PostgreSQL and Redis unless given, migrates, loads the demo into an empty database, then serves."""

    help = "Start Daybook: database, Redis, web, worker and beat. Ctrl-C stops them all."
    requires_system_checks: list[str] = []  # the web process makes them

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, run until told to stop, and stop everything."""
        began = float(os.environ.pop("DAYBOOK_BEGAN", 0) or time.time())
        with supervisor.stoppable() as check:
            try:
                self._run(began=began, check=check)
            except Stopped:
                self.stdout.write("\nDaybook has stopped.")

    def _run(self, *, began: float, check: Callable[[], None]) -> None:
        with ExitStack() as stack:
            stack.enter_context(_only_one())
            listener = stack.enter_context(_listen())
            os.environ["DAYBOOK_LOCAL_URL"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self._step("Database and Redis", lambda: stack.enter_context(embedded.hold()))
            static = _StaticFiles()
            demo = _Demo()
            self._step("Migrations", lambda: call_command("migrate", verbosity=0, interactive=False))
            if not get_user_model().objects.exists():
                self._step("Demo company", demo.load)
            if static.running:
                self._step("Static files", static.finish)
            connections.close_all()
            group = supervisor.children(listener, logs=settings.VAR / "log")
            stack.callback(supervisor.stop, group)
            port, (web, *others) = listener.getsockname()[1], group
            web.start()
            self._step("First answer", lambda: _answer(port, web, check))
            for child in others:  # after it, because all three would share two cores and answer later
                child.start()
            self._greet(port, began=began)
            supervisor.watch(group, check=check, say=self._say)

    def _step(self, name: str, do: Callable[[], object]) -> None:
        """Do one step, then say what it was and how long it took."""
        began = time.monotonic()
        do()
        self._say(f"  {name:<22}{time.monotonic() - began:6.1f} s")

    def _say(self, words: str) -> None:
        """Print at once, also into a file or a pipe."""
        self.stdout.write(words)
        self.stdout.flush()

    def _greet(self, port: int, *, began: float) -> None:
        """Print where Daybook is and, with the demo company loaded, who may sign in."""
        from reports.demo import SIGN_INS

        address = f"http://127.0.0.1:{port}/"
        self.stdout.write(f"\nDaybook answers at {self.style.SUCCESS(address)} after {time.time() - began:.1f} s.")
        known = get_user_model().objects.filter(email__in=[email for _role, email, _password in SIGN_INS]).count()
        if known:
            self.stdout.write("Sign in to the demo company as:")
            for role, email, password in SIGN_INS:
                self.stdout.write(f"  {role:<10}{email:<34}{password}")
        connections.close_all()
        self.stdout.write(f"Data and logs are in {settings.VAR}. Ctrl-C stops everything.")
        self.stdout.flush()


class _StaticFiles:
    """Collecting static files on the second core while the database gets ready; nothing when they have not changed."""

    def __init__(self) -> None:
        self.stamp: Path = settings.VAR / "static.stamp"
        self.inputs = self._inputs()
        made = self.stamp.read_text(encoding="ascii") if self.stamp.exists() else ""
        self.running: subprocess.Popen[str] | None = None if made == self.inputs else self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=die_with(signal.SIGTERM),
        )

    def finish(self) -> None:
        """Wait until they are there; raises CommandError with what went wrong."""
        if self.running:
            _out, said = self.running.communicate()
            if self.running.returncode:
                raise CommandError(f"Collecting static files failed.\n{said}")
            self.stamp.write_text(self.inputs, encoding="ascii")

    def _inputs(self) -> str:
        """Return what the collected files are made from: our own files and the packages that bring theirs."""
        words = hashlib.sha256((settings.BASE_DIR / "requirements" / "run.txt").read_bytes())
        for path in sorted((settings.BASE_DIR / "static").rglob("*")):
            if path.is_file():
                found = path.stat()
                words.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
        return words.hexdigest()


class _Demo:
    """Loading the demo company whole or not at all: it is written by several connections, so no transaction can say so."""

    def __init__(self) -> None:
        self.mark: Path = settings.VAR / "demo.loading"
        if self.mark.exists():
            self._start_over()

    def load(self) -> None:
        """Load it, with a mark on the disk until it is there."""
        self.mark.touch()
        call_command("load_demo", verbosity=0, stdout=io.StringIO())
        self.mark.unlink()

    def _start_over(self) -> None:
        """Empty our own database after a loading that was broken off; nobody has worked in it yet."""
        if os.environ.get("DATABASE_URL"):
            raise CommandError(
                "The demo company was not loaded to its end last time. Give DATABASE_URL an empty database, "
                f"remove {self.mark} and start again."
            )
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        self.mark.unlink()


@contextmanager
def _only_one() -> Iterator[None]:
    """Refuse a second supervisor on the same data folder: two beats would do everything twice."""
    with open_lock(settings.VAR / "locks", "up") as file:
        if not lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB):
            raise CommandError(f"Daybook already runs on {settings.VAR}. Stop it first, or give another DAYBOOK_VAR.")
        yield


def _listen() -> socket.socket:
    wanted = os.environ.get("PORT", "")
    try:
        return supervisor.listen(wanted)
    except (OSError, ValueError, OverflowError) as error:
        raise CommandError(f"Port {wanted} cannot be used ({error}). Leave PORT out and a free one is found.") from None


def _answer(port: int, web: Child, check: Callable[[], None]) -> None:
    """Wait for the first answer; raises CommandError with the web server's last words when there is none."""
    until = time.monotonic() + FIRST_ANSWER_S
    while time.monotonic() < until and not web.died():
        check()
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=FIRST_ANSWER_S)
        try:
            caller.request("GET", "/healthz")
            if caller.getresponse().status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            caller.close()
    words = "\n".join(web.log.read_text(encoding="utf-8", errors="replace").split("\n")[-15:])
    raise CommandError(f"The web server does not answer. Its last words, from {web.log}:\n{words}")
