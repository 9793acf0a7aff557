"""PostgreSQL 15 and Redis as Debian ships them, in a folder that goes away, on free ports of 127.0.0.1."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POSTGRES = Path("/usr/lib/postgresql/15/bin")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, *, seconds: float = 30) -> None:
    """Wait until somebody listens on the port; raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody answers on port {port}")


def _as_postgres() -> dict[str, object]:
    """Give subprocess's arguments that make a program run as an ordinary user, which PostgreSQL insists on."""
    if os.geteuid():
        return {"cwd": "/"}
    who = pwd.getpwnam("postgres")
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": [], "cwd": "/"}


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a cluster whose role `daybook` is no superuser; give its DATABASE_URL."""
    data, port, password = folder / "postgres", free_port(), secrets.token_urlsafe(24)
    secret = folder / "superuser"
    secret.write_text(secrets.token_urlsafe(24))
    data.mkdir(mode=0o700)
    own = _as_postgres()
    if "user" in own:
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(secret, "postgres", "postgres")
        folder.chmod(0o711)
    initdb = [
        "initdb",
        "-D",
        str(data),
        "-U",
        "postgres",
        "--locale=C.UTF-8",
        "-A",
        "scram-sha-256",
        f"--pwfile={secret}",
    ]
    _call([str(POSTGRES / initdb[0]), *initdb[1:]], own)
    server = subprocess.Popen(
        [str(POSTGRES / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "postgres.log").open("wb"),
        **own,  # type: ignore[call-overload]
    )
    try:
        wait_for_port(port)
        address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        for statement in (f"CREATE ROLE daybook LOGIN PASSWORD '{password}'", "CREATE DATABASE daybook OWNER daybook"):
            _call(["psql", "-qX", address, "-c", statement], {"env": {**os.environ, "PGPASSWORD": secret.read_text()}})
        yield f"postgres://daybook:{password}@127.0.0.1:{port}/daybook"
    finally:
        server.send_signal(2)  # "fast"
        server.wait(30)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run Redis with a password and an append-only file; give its REDIS_URL."""
    port, password = free_port(), secrets.token_urlsafe(24)
    data = folder / "redis"
    data.mkdir(mode=0o700)
    options = {"port": str(port), "bind": "127.0.0.1", "dir": str(data), "appendonly": "yes", "requirepass": password}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    server = subprocess.Popen(["redis-server", *words], stdout=(folder / "redis.log").open("wb"))
    try:
        wait_for_port(port)
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(30)


def _call(words: list[str], how: dict[str, object]) -> None:
    done = subprocess.run(words, check=False, capture_output=True, text=True, **how)  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed: {done.stderr}")
