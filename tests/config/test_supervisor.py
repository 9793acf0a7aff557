"""What the supervisor promises: what dies comes back, what ends takes everything with it."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config import supervisor
from config.supervisor import Child, Stopped

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
# Has a child of its own and is deaf to SIGTERM, as a worker in the middle of a task may be.
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)",
]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(done: Callable[[], object], seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def restored_signals() -> object:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_process_that_dies_is_started_again(tmp_path: Path, restored_signals: None) -> None:
    child = Child("web", SLEEPER, logs=tmp_path)
    child.start()
    assert child.process
    first = child.process.pid
    said: list[str] = []
    os.kill(first, signal.SIGKILL)

    def check() -> None:
        if child.process and child.process.pid != first:
            raise Stopped

    with pytest.raises(Stopped):
        supervisor.watch([child], check=check, say=said.append)
    assert "web ended with -9" in said[0]
    supervisor.stop([child])
    assert child.process.poll() is not None


def test_a_process_that_keeps_dying_is_given_longer_pauses(tmp_path: Path) -> None:
    child = Child("worker", ["false"], logs=tmp_path)
    child.start()
    assert [child.pause() for _ in range(3)] == [1, 2, 4]
    assert [child.pause() for _ in range(6)][-1] == supervisor.LONGEST_PAUSE_S
    child.started -= supervisor.CALM_S + 1
    assert child.pause() == 0
    assert child.process
    child.process.wait()


def test_stopping_ends_what_is_deaf_and_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored_signals: None
) -> None:
    monkeypatch.setattr(supervisor, "GRACE_S", 0.5)
    child = Child("worker", STUBBORN, logs=tmp_path)
    child.start()
    _until(lambda: child.log.read_text().strip())
    grandchild = int(child.log.read_text())
    supervisor.stop([child])
    assert child.process
    assert child.process.returncode == -signal.SIGKILL
    _until(lambda: not _alive(grandchild))


def test_a_killed_supervisor_takes_its_children_with_it(tmp_path: Path) -> None:
    program = f"""
        import time
        from pathlib import Path
        from config.supervisor import Child
        child = Child("web", {SLEEPER!r}, logs=Path({str(tmp_path)!r}))
        child.start()
        print(child.process.pid, flush=True)
        time.sleep(600)
    """
    killed = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    assert killed.stdout
    child = int(killed.stdout.readline())
    assert _alive(child)
    killed.kill()
    killed.communicate()
    _until(lambda: not _alive(child))


def test_the_end_of_the_parent_is_noticed(tmp_path: Path) -> None:
    program = """
        import signal, sys, time
        from config import supervisor
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests under nohup passes its deafness on
        with supervisor.stoppable() as check:
            print("watching", flush=True)
            try:
                while True:
                    check()
                    time.sleep(0.05)
            except supervisor.Stopped:
                open(sys.argv[1], "w").write("stopped")
    """
    told = tmp_path / "told"
    parent = subprocess.Popen(
        ["sh", "-c", '"$@" & wait', "sh", sys.executable, "-c", textwrap.dedent(program), str(told)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    assert parent.stdout.readline() == "watching\n"
    parent.kill()
    parent.wait()
    _until(told.exists)


def test_a_free_port_is_found_and_a_taken_one_is_refused_when_asked_for() -> None:
    with supervisor.listen("") as first, supervisor.listen("") as second:
        taken = first.getsockname()[1]
        assert second.getsockname()[1] != taken
        with pytest.raises(OSError, match="in use"):
            supervisor.listen(str(taken))
        with socket.create_connection(("127.0.0.1", taken), timeout=1):
            pass  # it listens already, before any web server runs
