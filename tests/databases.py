"""One migrated template database, cloned for each test process: exact, fast, and kept between runs.

Tables with history refuse TRUNCATE, so a test that commits ends with a fresh clone instead of a flush.
"""

import hashlib
import os
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import errors, sql

from config.scratch import server

APPS = ("accounts", "notifications", "crm", "discipline", "migrations_data", "reports")
LOCK = 0x0DA7B00C  # one process at a time makes a template, also from another clone


def schema_hash() -> str:
    """Return what the template depends on, as one short word."""
    base: Path = settings.BASE_DIR
    files = [base / "requirements" / "dev.txt"]
    for app in APPS:
        files += [
            path for path in (base / app).rglob("*") if path.suffix in {".py", ".sql"} and _shapes(path, base / app)
        ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(base)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _shapes(path: Path, app: Path) -> bool:
    """Say whether a file may shape the database: migrations, models, and the SQL or Python that migrations use."""
    first = path.relative_to(app).parts[0]
    return path.suffix == ".sql" or first in {"migrations", "models", "history", "sql.py", "folding.py"}


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Clones:
    """The template and this process's clone of it, on whichever server the settings name."""

    def __init__(self) -> None:
        self.home: str = settings.DATABASES["default"]["NAME"]
        where = hashlib.sha256(f"{socket.gethostname()}{settings.BASE_DIR}".encode()).hexdigest()[:6]
        self.prefix = f"daybook_test_{where}_"
        self.template = f"daybook_template_{schema_hash()}"
        self.clone = f"{self.prefix}{os.getpid()}"

    def make(self) -> None:
        """Clone the template, making it first when there is none, and point Django at the clone."""
        with server(self.home) as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            if not self._exists(cursor, self.template):
                self._make_template(cursor)
        self.renew()

    def renew(self) -> None:
        """Replace the clone by a fresh one."""
        connections.close_all()
        with server(self.home) as cursor:
            self._drop(cursor, self.clone)
            self._create(cursor, self.clone, template=self.template)
        self._point_at(self.clone)

    def drop(self) -> None:
        """Remove the clone; the template stays for the next run."""
        connections.close_all()
        with server(self.home) as cursor:
            self._drop(cursor, self.clone)

    def _make_template(self, cursor: Any) -> None:
        """Migrate an empty database and give it its name only when it is whole."""
        for old in self._leftovers(cursor):
            self._drop(cursor, old)
        making = f"{self.template}_making"
        self._drop(cursor, making)
        self._create(cursor, making, template="template0")
        self._point_at(making)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(self.template))
        )

    def _leftovers(self, cursor: Any) -> list[str]:
        """Name the templates of earlier schemas that nobody is using."""
        cursor.execute(
            "SELECT datname FROM pg_database d WHERE datname LIKE 'daybook\\_template\\_%%' AND pg_get_userbyid(datdba) = current_user"
            " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)"
        )
        return [name for (name,) in cursor.fetchall()]

    def _of_dead_processes(self, server: Any) -> list[str]:
        """Name the clones of runs on this machine that were killed."""
        server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix])
        names = [name for (name,) in server.fetchall()]
        return [name for name in names if not _alive(int(name.removeprefix(self.prefix)))]

    def _exists(self, cursor: Any, name: str) -> bool:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None

    def _drop(self, cursor: Any, name: str) -> None:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, cursor: Any, name: str, *, template: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        for attempt in range(50):
            try:
                return cursor.execute(statement)
            except errors.ObjectInUse:  # a sibling is cloning it at this moment
                if attempt == 49:
                    raise
                cursor.execute("SELECT pg_sleep(0.1)")

    def _point_at(self, name: str) -> None:
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
