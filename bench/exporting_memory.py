"""The most memory that a process takes for an Excel file: `python -m bench.exporting_memory ROWS` prints MB before it, and at most."""

from __future__ import annotations

import os
import resource
import sys

import django


def main(rows: int) -> None:
    """Write the list of so many companies in a process that has done nothing else."""
    from bench.exporting import export, somebody
    from config.scratch import scratch_database

    with scratch_database():
        by = somebody(rows)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        export(by)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{before / 1024} {most / 1024}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(sys.argv[1]))
