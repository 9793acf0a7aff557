"""The side of the reading process that the rest of the import sees."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from migrations_data.reading.limits import Limits

logger = logging.getLogger(__name__)

MESSAGES = {
    "file": _("The file is larger than %(detail)s bytes. Save the sheets that you need as a file of their own."),
    "inflated": _("The workbook unpacks to more than %(detail)s bytes. Save the sheets that you need as a file of their own."),
    "inflation": _("The workbook unpacks to more than %(detail)s times its size, as attacks do. Save it again from your table program."),
    "parts": _("The workbook has more than %(detail)s parts inside. Save the sheets that you need as a file of their own."),
    "sheets": _("The workbook has more than %(detail)s sheets. Save those that you need as a file of their own."),
    "rows": _("There are more than %(detail)s rows. Cut the table into several files and import one after the other."),
    "columns": _("A sheet has more than %(detail)s columns. Remove those that you do not need."),
    "memory": _("Reading the file took more memory than it may. Save the sheets that you need as a file of their own."),
    "time": _("Reading the file took too long. Save the sheets that you need as a file of their own."),
    "entities": _("The workbook declares entities, which no table program writes and attacks use. Save it again from your table program."),
    "password": _("The workbook is protected by a password. Save it without one and upload it again."),
    "markup": _("This is a web page, PDF or XML document, not a table. Open it in your table program and save it as .xlsx."),
    "letters": _("The letters of this file cannot be read. Save it as CSV in UTF-8, or as .xlsx."),
    "empty": _("The file is empty. Upload the one with the table."),
    "broken": _("The file is damaged or no table. Open it in your table program and save it as .xlsx."),
}  # fmt: skip


class Unreadable(Refused):
    """A file that cannot be read or may not be; the message says what to do about it."""

    def __init__(self, code: str, detail: str | int = "") -> None:
        super().__init__(MESSAGES.get(code, MESSAGES["broken"]) % {"detail": detail})
        self.code = f"file_{code}"

    def about(self, name: str) -> Unreadable:
        """The same with the file's name before it, for several files at once."""
        self.message = f"{name}: {self.message}"
        return self


@dataclass
class Sheet:
    """A sheet as it is in the file: rows as (number, cells)."""

    name: str
    hidden: bool
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)


@dataclass
class Book:
    """A file as it is: `encoding` is empty for workbooks."""

    encoding: str = ""
    sheets: list[Sheet] = field(default_factory=list)


def read(path: Path, limits: Limits | None = None) -> Book:
    """Everything in the file at `path`, read by a process with limits. Raises Unreadable."""
    limits = limits or Limits()
    book = Book()
    with tempfile.TemporaryFile() as errors:
        child = _start(path, limits, errors)
        clock = threading.Timer(limits.wall_seconds, child.kill)
        clock.start()
        try:
            ended = _collect(child.stdout or iter(()), book)
            child.wait()  # its output is closed: it is going, and its return code says why
        finally:
            clock.cancel()
            child.kill()
            child.wait()
        if not ended:
            _explain(child.returncode, path, errors)
    return book


def _start(path: Path, limits: Limits, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "migrations_data.reading.child", str(path), json.dumps(limits.as_dict())],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
    )


def _collect(lines: Iterator[bytes] | IO[bytes], book: Book) -> bool:
    """Fill the book; says whether the child came to its end. Raises Unreadable when it refused."""
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            return False  # cut off in the middle of a line
        if isinstance(value, list):
            book.sheets[-1].rows.append((value[0], value[1:]))
        elif "sheet" in value:
            book.sheets.append(Sheet(**value["sheet"]))
        elif "file" in value:
            book.encoding = value["file"]["encoding"]
        elif "refused" in value:
            raise Unreadable(**value["refused"])
        else:
            return True
    return False


def _explain(returncode: int, path: Path, errors: IO[bytes]) -> None:
    """Say why the child died: by its limits of time (killed) or memory (aborted), or because the file is broken."""
    errors.seek(0)
    logger.warning("Reading %s ended with %s: %s", path.name, returncode, errors.read(2000).decode(errors="replace"))
    if -returncode in (signal.SIGXCPU, signal.SIGKILL):
        raise Unreadable("time")
    raise Unreadable("memory" if -returncode in (signal.SIGABRT, signal.SIGSEGV) else "broken")
