"""The imports of the small world: in every state that a page shows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from migrations_data.models import (
    AuditLine,
    Import,
    ImportFile,
    ImportQuestion,
    ImportRow,
    ImportSheet,
    Outcome,
    Status,
)

if TYPE_CHECKING:
    from tests.permissions.scene import Scene


def add_imports(scene: Scene, now: datetime) -> None:
    """Two imports of the coordinator's: one waits for its columns, one is being worked at."""
    made = [
        Import.objects.create(created_by=scene.cast.admin, created_at=now, status=status, rows_in=1, origin=status)
        for status in (Status.READ, Status.RUNNING)
    ]
    file = ImportFile.objects.create(of_import=made[0], name="old.csv", content="old.csv", size=1, sha256="0" * 64)
    sheet = ImportSheet.objects.create(file=file, name="old", header_row=1)
    scene.things |= {"import": made[0], "running": made[1], "sheet": sheet, "import_file": file}
    _audited(scene, now)
    _waiting(scene, now)
    _asked(scene, now)


def _waiting(scene: Scene, now: datetime) -> None:
    """One that waits for a password, and one that two readers read differently."""
    words = {"created_by": scene.cast.admin, "created_at": now}
    unsure = Import.objects.create(status=Status.READ, rows_in=1, **words)
    told = [{"sheet": "old", "column": "B", "filled": [1, 1], "sum": [5, 44000]}]
    ImportFile.objects.create(
        of_import=unsure, name="b.xls", content="b.xls", size=1, sha256="2" * 64, differences=told
    )
    scene.things |= {"locked": Import.objects.create(status=Status.LOCKED, **words), "unsure": unsure}


def _audited(scene: Scene, now: datetime) -> None:
    """One that is through, with a fault of the manager's company."""
    done = Import.objects.create(
        created_by=scene.cast.admin, created_at=now, status=Status.DONE, rows_in=1, rows_done=1
    )
    file = ImportFile.objects.create(of_import=done, name="new.csv", content="new.csv", size=1, sha256="1" * 64)
    sheet = ImportSheet.objects.create(file=file, name="new", kind="companies", header_row=1)
    row = ImportRow.objects.create(sheet=sheet, number=2, cells=[scene.secret("cell")])
    detail = {"column": "phone", "value": scene.secret("fault")}
    AuditLine.objects.create(
        of_import=done,
        code="dead_phones",
        record_type="company",
        record_id=scene.things["company"].pk,
        row=row,
        detail=detail,
    )
    scene.things |= {"audited": done, "fault": "dead_phones"}


def _asked(scene: Scene, now: datetime) -> None:
    """An import with a row that may be a client who is here already."""
    made = Import.objects.create(
        created_by=scene.cast.admin, created_at=now, status=Status.READ, rows_in=1, origin="asked"
    )
    file = ImportFile.objects.create(of_import=made, name="asked.csv", content="asked.csv", size=1, sha256="0" * 64)
    sheet = ImportSheet.objects.create(file=file, name="asked", header_row=1, kind="companies")
    row = ImportRow.objects.create(sheet=sheet, number=2, cells=["Somebody"], outcome=Outcome.ASKED)
    candidates = [{"record": scene.things["company"].pk, "row": None, "score": 90, "reasons": ["name"]}]
    question = ImportQuestion.objects.create(
        of_import=made, row=row, record_type="company", group="one", candidates=candidates
    )
    scene.things |= {"asked": made, "question": question, "row": row}
