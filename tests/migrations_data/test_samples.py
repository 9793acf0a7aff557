"""Real tables, where a folder of them is given: each comes in so that it adds up, or is refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files import File

from migrations_data.models import COUNTS, Import, ImportSheet, Status
from migrations_data.services import differences, imports, report, work
from tests.factories.people import make_cast

SAMPLES = Path(os.environ.get("DAYBOOK_SAMPLES", "/nowhere"))
TABLES = (".csv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
AT = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not SAMPLES.is_dir(), reason="DAYBOOK_SAMPLES names no folder")]


def tables() -> Iterator[Path]:
    return (path for path in sorted(SAMPLES.rglob("*")) if path.suffix in TABLES)


def folders() -> list[Path]:
    """Folders whose files belong together: those of one company."""
    return sorted({path.parent for path in tables()})


def whole_way(paths: list[Path]) -> Import:
    """As far as it goes without a person: read, and imported when a sheet was recognised."""
    by = make_cast().admin
    uploads = [File(path.open("rb"), name=path.name) for path in paths]
    made = imports.upload(by=by, at=AT, uploads=uploads, background=False)
    made = work.carry_on(import_id=made.pk, at=AT)
    for file in made.files.exclude(differences=[]):
        differences.accept(file=file, by=by, at=AT)
    if made.status == Status.READ and ImportSheet.objects.filter(file__of_import=made).exclude(kind="").exists():
        imports.run(of=made, by=by, at=AT, background=False)
        made = work.carry_on(import_id=made.pk, at=AT, seconds=600)
    return made


def tell(made: Import, name: str) -> None:
    print(f"\n{name}: {made.status} {made.error_code} {str(made.error)[:120]}")
    for sheet in ImportSheet.objects.filter(file__of_import=made):
        counts = ", ".join(f"{count} {getattr(sheet, count)}" for count in COUNTS if getattr(sheet, count))
        print(f"  {sheet.file.name} / {sheet.name}: {sheet.kind or '-'}, {sheet.rows_in} rows: {counts}")


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in tables()])
def test_a_table_comes_in_or_is_refused_with_a_reason(path: Path) -> None:
    made = whole_way([path])
    tell(made, path.name)
    check(made)


@pytest.mark.parametrize("folder", [pytest.param(path, id=path.name) for path in folders()])
def test_tables_of_one_company_come_in_together(folder: Path) -> None:
    paths = [path for path in tables() if path.parent == folder and not refused(path)][: imports.MOST_FILES]
    made = whole_way(paths)
    tell(made, folder.name)
    check(made)


def refused(path: Path) -> bool:
    return "billion" in path.name or "password" in path.name


def check(made: Import) -> None:
    if made.status in (Status.FAILED, Status.LOCKED):
        assert made.error or made.status == Status.LOCKED
        assert made.error_code != "unexpected"
        return
    told = report.as_dict(made)
    for sheet in (sheet for file in told["files"] for sheet in file["sheets"]):
        counted = ("created", "updated", "same", "merged", "asked", "rejected", "left_out")
        assert sheet["rows_in"] == sum(sheet[name] for name in counted), sheet["name"]
        for one in sheet["sums"]:
            to_the_cent = 0.005 * max(1, sheet["rows_in"]) + 1e-6
            assert abs(one["in"] - one["loaded"] - one["rejected"]) <= to_the_cent, (sheet["name"], one)
    rejected = sum(sheet["rejected"] + sheet["asked"] for file in told["files"] for sheet in file["sheets"])
    assert rejected or not told["lost"]
