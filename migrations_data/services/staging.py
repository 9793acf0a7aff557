"""Files into rows: each row kept as it was, before any record of the CRM is touched."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from migrations_data.models import Import, ImportFile, ImportSheet, Status
from migrations_data.reading.parent import Book, Sheet, Unreadable, read
from migrations_data.services.columns import understand

BATCH = 5000
COPY = 'COPY migrations_data_importrow (sheet_id, number, part, cells, outcome, code, "column", detail, key, record_type) FROM STDIN (FORMAT csv)'


def read_files(*, of: Import) -> Import:
    """Read every file of an import and keep its sheets and rows; doing it again begins anew. Raises Unreadable."""
    books = [(file, _read(file)) for file in of.files.all()]
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=of.pk)
        ImportSheet.objects.filter(file__of_import=locked).delete()
        for file, book in books:
            ImportFile.objects.filter(pk=file.pk).update(encoding=book.encoding)
            for position, sheet in enumerate(book.sheets):
                _keep(file, position, sheet)
        locked.rows_in = sum(ImportSheet.objects.filter(file__of_import=locked).values_list("rows_in", flat=True))
        if not locked.rows_in:
            raise Unreadable("empty")
        locked.status = Status.READ
        locked.save(update_fields=["rows_in", "status"])
    return locked


def _read(file: ImportFile) -> Book:
    try:
        book = read(Path(file.content.path))
    except Unreadable as refusal:
        raise refusal.about(file.name) from None
    if book.encoding:  # text has no sheets: the table is called like its file, not like our copy of it
        book.sheets[0].name = Path(file.name).stem
    return book


def _keep(file: ImportFile, position: int, sheet: Sheet) -> None:
    kept = ImportSheet(file=file, name=sheet.name[:200], position=position, hidden=sheet.hidden)
    understand(kept, sheet.rows)
    kept.save()
    with connection.cursor() as cursor:
        for start in range(0, len(sheet.rows), BATCH):
            cursor.copy_expert(COPY, _Lines(kept.pk, sheet.rows[start : start + BATCH]))


class _Lines(io.StringIO):
    """Rows in the form that COPY takes: it asks for a file."""

    def __init__(self, sheet: int, rows: Sequence[tuple[int, list[Any]]]) -> None:
        super().__init__()
        csv.writer(self, quoting=csv.QUOTE_ALL).writerows(_lines(sheet, rows))
        self.seek(0)


def _lines(sheet: int, rows: Sequence[tuple[int, list[Any]]]) -> Iterator[list[Any]]:
    for number, cells in rows:
        yield [sheet, number, "", json.dumps(cells, ensure_ascii=False), "", "", "", "", "", ""]
