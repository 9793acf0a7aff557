"""Having a file read by a second reader too, as far as that is worth it: nothing fails because of it."""

from __future__ import annotations

import dataclasses
import json
import logging
import signal
from pathlib import Path
from typing import Any

from migrations_data.reading import process
from migrations_data.reading.limits import Limits

logger = logging.getLogger(__name__)

CPU_SECONDS, WALL_SECONDS = 8, 20
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclasses.dataclass(frozen=True)
class Compared:
    """What came of it: agree, differ, or why nothing was compared (text, format, large, slow, unreadable). Each difference is
    {sheet, column, filled: [first, second], sum: [first, second]}; `lost` says that the first reader has fewer cells."""

    code: str
    differences: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    lost: bool = False


def compare(path: Path, limits: Limits) -> Compared:
    """Compare the two readers of the file at `path`, in a process that may take less than the reading itself."""
    with path.open("rb") as file:
        if file.read(4) not in WORKBOOKS:
            return Compared("text")
    less = dataclasses.replace(
        limits,
        cpu_seconds=min(limits.cpu_seconds, CPU_SECONDS),
        wall_seconds=min(limits.wall_seconds, WALL_SECONDS),
    )
    said: dict[str, Any] = {}
    try:
        for line in process.lines("second", str(path), limits=less):
            said = json.loads(line)
    except process.Died as died:
        logger.info("Comparing the readers of %s ended with %s: %s", path.name, died.returncode, died.said)
        return Compared("slow" if -died.returncode in (signal.SIGXCPU, signal.SIGKILL) else "large")
    except ValueError:
        return Compared("unreadable")
    if not said:
        return Compared("unreadable")
    return Compared(said["compared"], said.get("differences", []), said.get("lost", False))
