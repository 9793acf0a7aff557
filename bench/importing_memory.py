"""The most memory that a worker takes for an import, read to the end and run: `python -m bench.importing_memory ROWS` prints MB."""

from __future__ import annotations

import os
import resource
import sys

import django


def main(rows: int) -> None:
    """Import a table of so many companies into an empty database."""
    from django.core.files.base import ContentFile

    from accounts.models import Role, User
    from bench.importing import AT, FOREVER
    from bench.importing_rows import head, lines
    from config.scratch import scratch_database
    from migrations_data.reading.limits import WIDE
    from migrations_data.services import imports, work

    with scratch_database():
        by = User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Adam Bench", role=Role.ADMIN)
        for n in range(30):
            User.objects.create_user(f"agent{n}@daybook.example", None, full_name=f"Agent Number {n}")
        table = ContentFile("\n".join((head(), *lines(0, rows))).encode(), name="companies.csv")
        made = imports.upload(by=by, at=AT, uploads=[table], limits=WIDE, background=False)
        table.close()
        del table
        made = work.carry_on(import_id=made.pk, at=AT, limits=WIDE)
        imports.run(of=made, by=by, at=AT, background=False)
        made = work.carry_on(import_id=made.pk, at=AT, seconds=FOREVER)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(f"{made.status} {made.rows_done} {used}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(sys.argv[1]))
