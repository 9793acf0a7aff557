"""Our own servers: shared while used, gone after the last user, back after a crash."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config import embedded
from config.servers import Place, ServerFailed, end_leftover

USER = """
    import os, sys, time
    from config import embedded
    with embedded.hold(redis=False, fast=True):
        print("up", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own, with servers that nobody has given."""
    tmp_path.chmod(0o755)
    home = tmp_path / "a clone with spaces"
    home.mkdir()
    monkeypatch.setenv("DAYBOOK_VAR", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield home
    place = Place.of(home)
    left = _left(home)
    # As root, what the servers' user cannot reach under pytest's private folder was kept under /var/lib.
    for path in {place.sockets, place.home()} - {home}:
        shutil.rmtree(path, ignore_errors=True)
    assert left == []


def _user() -> subprocess.Popen[str]:
    words = [sys.executable, "-c", textwrap.dedent(USER)]
    process = subprocess.Popen(
        words, cwd=embedded.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def _leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def _servers(var: Path) -> list[int]:
    """Return the processes that work on this data folder: keepers and servers."""
    home = str(Place.of(var).home())
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(word.startswith((home, str(var))) for word in words):
            found.append(int(entry.parent.name))
    return found


def _left(var: Path, seconds: float = 5) -> list[int]:
    """Return what still runs after a moment for the last steps of ending."""
    until = time.monotonic() + seconds
    while (found := _servers(var)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _ask(statement: str) -> str:
    words = embedded.database()
    connection = psycopg2.connect(dbname=words["NAME"], user=words["USER"], host=words["HOST"])
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else ""
    finally:
        connection.close()


def test_two_commands_share_one_server_and_the_last_one_stops_it(var: Path) -> None:
    first = _user()
    started = _ask("SELECT pg_postmaster_start_time()")
    second = _user()
    _leave(first)
    assert _ask("SELECT pg_postmaster_start_time()") == started
    _leave(second)
    assert _left(var) == []


def test_a_killed_command_leaves_no_server_and_the_next_one_finds_its_data(var: Path) -> None:
    killed = _user()
    _ask("CREATE TABLE kept (word text)")
    _ask("INSERT INTO kept VALUES ('still here')")
    killed.kill()
    killed.communicate()
    assert _left(var, seconds=20) == []
    with embedded.hold(redis=False, fast=True):
        assert _ask("SELECT word FROM kept") == "still here"


def test_a_server_killed_under_its_users_comes_back(var: Path) -> None:
    with embedded.hold(redis=False, fast=True):
        pid_file = Place.of(var).home() / "postgres" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split("\n")[0]), signal.SIGKILL)
        until = time.monotonic() + 30
        answer = ""
        while not answer and time.monotonic() < until:
            try:
                answer = _ask("SELECT 'back'")
            except psycopg2.OperationalError:
                time.sleep(0.1)
        assert answer == "back"


def test_everything_killed_at_once_does_not_stop_the_next_start(var: Path) -> None:
    user = _user()
    for pid in [*_servers(var), user.pid]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    user.communicate()
    with embedded.hold(redis=True, fast=True):
        assert _ask("SELECT 'again'") == "again"


def test_the_role_is_no_superuser_and_listens_on_no_port(var: Path) -> None:
    with embedded.hold(redis=False, fast=True):
        assert _ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "False"
        assert _ask("SELECT current_setting('listen_addresses')") == ""
        sockets = Place.of(var).sockets
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert len(str(sockets / ".s.PGSQL.5432.lock")) < 107


def test_a_pid_file_whose_number_belongs_to_another_program_is_forgotten(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = tmp_path / "postmaster.pid"
        pid_file.write_text(f"{other.pid}\n/somewhere\n")
        end_leftover(pid_file, belongs="/somewhere", stop=signal.SIGINT)
        assert not pid_file.exists()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_socket_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    place = Place.of(tmp_path / "var")
    place.sockets.mkdir(mode=0o755)
    place.sockets.chmod(0o755)
    try:
        with pytest.raises(ServerFailed, match="belongs to somebody else"):
            place.make_sockets()
    finally:
        place.sockets.rmdir()


def test_two_data_folders_have_their_own_sockets(tmp_path: Path) -> None:
    assert Place.of(tmp_path / "one").sockets != Place.of(tmp_path / "two").sockets


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["manage.py", "up"], False),
        (["manage.py"], False),
        (["manage.py", "migrate", "--help"], False),
        (["manage.py", "migrate"], True),
        (["manage.py", "close_days", "--from", "2026-10-01"], True),
    ],
)
def test_a_command_brings_the_database_only_when_it_needs_one(
    words: list[str], needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    monkeypatch.setattr(embedded, "hold", lambda **how: held.append(True))
    embedded.for_command(words)
    assert bool(held) is needed
