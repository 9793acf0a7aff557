"""Starts what docker-compose.yml would start, with its very words, and looks whether those are the ones that run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

BASE = Path(__file__).resolve().parent.parent.parent
COMPOSE = BASE / "docker-compose.yml"
ONCE = "migrate"
LASTING = ("web", "worker", "beat")


def services() -> dict[str, dict[str, Any]]:
    """Return the services of the compose file, with their anchors merged."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def commands() -> dict[str, list[str]]:
    """Return the commands of our own services, as the compose file has them."""
    return {name: services()[name]["command"] for name in (ONCE, *LASTING)}


def run_once(environment: Mapping[str, str]) -> None:
    """Do what the service `migrate` does; raises CalledProcessError when it fails."""
    subprocess.run(commands()[ONCE], check=True, cwd=BASE, env=dict(environment))


@contextmanager
def running(environment: Mapping[str, str], logs: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run web, worker and beat; stop them in good order afterwards and insist that they end."""
    with ExitStack() as stack:
        processes = {}
        for name in LASTING:
            log = stack.enter_context((logs / f"{name}.log").open("wb"))
            process = subprocess.Popen(commands()[name], cwd=BASE, env=dict(environment), stdout=log, stderr=log)
            stack.callback(_end, name, process)
            processes[name] = process
        yield processes


def _end(name: str, process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError(f"{name} did not end within a minute of SIGTERM") from None


def check_words(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Raise AssertionError unless each process lives and was started with exactly the words of the compose file."""
    time.sleep(1)
    for name, words in commands().items():
        if name == ONCE:
            continue
        assert processes[name].poll() is None, f"{name} has ended with {processes[name].returncode}"
        seen = Path(f"/proc/{processes[name].pid}/cmdline").read_bytes().decode().split("\0")[:-1]
        start = next(place for place, word in enumerate(seen) if Path(word).name == words[0])
        assert seen[start + 1 :] == words[1:], f"{name} runs as {seen}, docker-compose.yml says {words}"


def environment(*, database_url: str, redis_url: str, port: int, var: Path, secret: str) -> dict[str, str]:
    """Return the variables of the compose file, with addresses of this machine and this environment's programs first."""
    programs = Path(sys.executable).parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBOOK_", "PYTEST", "DJANGO_"))}
    return kept | {
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "DAYBOOK_URL": f"http://127.0.0.1:{port}",
        "DAYBOOK_SECRET_KEY": secret,
        "DAYBOOK_VAR": str(var),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        # The command of the compose file names no address: there the variable PORT gives it.
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
    }
