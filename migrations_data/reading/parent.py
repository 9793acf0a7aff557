"""The side of the reading process that the rest of the import sees."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from migrations_data.reading import process
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
    "password": _("The workbook is protected by a password. Type it, and the workbook is opened."),
    "wrong_password": _("That is not its password. Look for capital letters and spaces, and type it again."),
    "sealed": _("The workbook is protected in a way that cannot be opened here. Save it without a password and upload it again."),
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


class Book(NamedTuple):
    """A file begins: its encoding, empty for workbooks."""

    encoding: str


class Sheet(NamedTuple):
    """A sheet begins."""

    name: str
    hidden: bool


class Rows(NamedTuple):
    """Rows of the sheet that began last, as the reading process says them: each ends with END and is number TAB cells TAB extras,
    where the cells are a JSON array and the extras a JSON object or NONE."""

    text: bytes


END, NONE = b"\x1e", b"-"


def read(path: Path, limits: Limits | None = None, *, reader: str = "") -> Iterator[Book | Sheet | Rows]:
    """Everything in the file at `path`, while a process with limits reads it. Raises Unreadable."""
    limits = limits or Limits()
    try:
        for line in process.lines("child", str(path), reader, limits=limits):
            if not line.startswith(b"{"):
                if not line.endswith(END + b"\n"):
                    break  # cut off in the middle of a line
                yield Rows(line[:-1])
                continue
            match json.loads(line):
                case {"sheet": sheet}:
                    yield Sheet(**sheet)
                case {"file": file}:
                    yield Book(**file)
                case {"refused": refused}:
                    raise Unreadable(**refused)
                case {"end": True}:
                    return
    except process.Died as died:
        raise why(died, path) from died
    except ValueError as error:  # the same
        raise Unreadable("broken") from error
    raise Unreadable("broken")


def why(died: process.Died, path: Path) -> Unreadable:
    """Why a process came to no end: by its limits of time (killed) or memory (aborted), or because the file is broken."""
    logger.warning("Reading %s ended with %s: %s", path.name, died.returncode, died.said)
    if -died.returncode in (signal.SIGXCPU, signal.SIGKILL):
        return Unreadable("time")
    return Unreadable("memory" if -died.returncode in (signal.SIGABRT, signal.SIGSEGV) else "broken")
