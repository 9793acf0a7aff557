"""The most memory that a process takes for an Excel file: `python -m bench.exporting_memory ROWS` prints MB before it, and at most."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django


def main(rows: int) -> None:
    """Write the list of so many companies in a process that has done nothing else."""
    from bench.exporting import export, somebody
    from config.scratch import scratch_database

    with scratch_database():
        by = somebody(rows)
        before = _kilobytes("VmRSS")
        Path("/proc/self/clear_refs").write_text(
            "5", encoding="ascii"
        )  # the peak so far was the making of the database
        export(by)
        most = _kilobytes("VmHWM")
    sys.stdout.write(f"{before / 1024} {most / 1024}\n")


def _kilobytes(name: str) -> int:
    """What Linux says of this process: "VmRSS" at the moment, "VmHWM" at most since the peak was cleared."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(sys.argv[1]))
