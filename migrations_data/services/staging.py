"""Files into rows: each row kept as it was, before any record of the CRM is touched."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connection, transaction
from django.db.utils import DataError

from migrations_data.models import Import, ImportFile, ImportSheet, Status
from migrations_data.reading.comparing import compare
from migrations_data.reading.limits import Limits
from migrations_data.reading.parent import Book, Row, Sheet, Unreadable, read
from migrations_data.services import differences, unlocking
from migrations_data.services.columns import recognise

COPY = (
    "COPY migrations_data_importrow (sheet_id, number, cells, extras, part, outcome, code, "
    '"column", detail, key, record_type) FROM STDIN'
)
REST = b"\t" * 7 + b"\n"
NONE = b"\\N"


def read_files(*, of: Import, limits: Limits | None = None) -> Import:
    """Read every file of an import and keep its sheets and rows while they come; doing it again begins anew.

    With a file under a password it waits for that. Raises Unreadable.
    """
    while True:
        try:
            return _read_all(of, limits or Limits())
        except Unreadable as refusal:
            if refusal.code != unlocking.CODE:
                raise
            if not unlocking.by_itself(of=of):
                return unlocking.wait(of=of, why=str(refusal.message))


@transaction.atomic
def _read_all(of: Import, limits: Limits) -> Import:
    locked = Import.objects.select_for_update().get(pk=of.pk)
    ImportSheet.objects.filter(file__of_import=locked).delete()
    for file in locked.files.all():
        try:
            _read(file, limits)
        except Unreadable as refusal:
            raise refusal.about(file.name) from None
    locked.rows_in = sum(ImportSheet.objects.filter(file__of_import=locked).values_list("rows_in", flat=True))
    if not locked.rows_in:
        raise Unreadable("empty")
    locked.status = Status.READ
    locked.save(update_fields=["rows_in", "status"])
    return locked


def _read(file: ImportFile, limits: Limits) -> None:
    """Keep what is in a file; meanwhile another reader reads it, and what they do not agree on is kept too."""
    path = Path(file.content.path)
    with ThreadPoolExecutor(max_workers=1) as beside:
        other = beside.submit(compare, path, limits)
        _keep(file, read(path, limits))
        compared = other.result()
    if compared.lost:
        ImportSheet.objects.filter(file=file).delete()
        _keep(file, read(path, limits, reader="second"))
    differences.keep(file=file, found=compared)
    recognise(file)


def _keep(file: ImportFile, events: Iterator[Book | Sheet | Row]) -> None:
    sheet: ImportSheet | None = None
    position = 0
    event = next(events, None)
    while event is not None:
        following = None
        if isinstance(event, Book):
            ImportFile.objects.filter(pk=file.pk).update(encoding=event.encoding)
            file.encoding = event.encoding
        elif isinstance(event, Sheet):
            # text has no sheets: the table is called like its file, not like our copy of it
            name = Path(file.name).stem if file.encoding else event.name
            sheet = ImportSheet.objects.create(file=file, name=name[:200], position=position, hidden=event.hidden)
            position += 1
        elif sheet is not None:
            following = _copy(sheet.pk, event, events)
        event = following or next(events, None)


def _copy(sheet: int, first: Row, events: Iterator[Book | Sheet | Row]) -> Book | Sheet | Row | None:
    """Copy the rows of a sheet, one after the other as the reading process finds them; returns what comes behind them."""
    rows = _Rows(sheet, first, events)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(COPY, rows)
        except DataError as error:  # what the reading process must not print, and no file can make it
            raise Unreadable("broken") from error
    return rows.behind


class _Rows:
    """Rows in the form that COPY takes: it asks for a file. What they hold is passed on as it comes, without being looked into."""

    def __init__(self, sheet: int, first: Row, events: Iterator[Book | Sheet | Row]) -> None:
        self.lines = self._lines(b"%d" % sheet, first, events)
        self.behind: Book | Sheet | Row | None = None

    def _lines(self, sheet: bytes, row: Row, events: Iterator[Book | Sheet | Row]) -> Iterator[bytes]:
        event: Book | Sheet | Row | None = row
        while isinstance(event, Row):
            cells = event.cells.replace(b"\\", b"\\\\")
            extras = event.extras.replace(b"\\", b"\\\\") or NONE
            yield b"%s\t%d\t%s\t%s%s" % (sheet, event.number, cells, extras, REST)
            event = next(events, None)
        self.behind = event

    def read(self, size: int = -1) -> bytes:
        """At least `size` bytes, nothing at the end."""
        held: list[bytes] = []
        left = size
        for line in self.lines:
            held.append(line)
            left -= len(line)
            if left <= 0:
                break
        return b"".join(held)
