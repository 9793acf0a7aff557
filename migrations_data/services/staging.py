"""Files into rows: each row kept as it was, before any record of the CRM is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connection, transaction
from django.db.utils import DataError

from migrations_data.models import Import, ImportFile, ImportSheet, Status
from migrations_data.reading.comparing import compare
from migrations_data.reading.limits import Limits
from migrations_data.reading.parent import END, Book, Rows, Sheet, Unreadable, read
from migrations_data.services import differences, unlocking
from migrations_data.services.columns import recognise

COPY = (
    "COPY migrations_data_importrow (sheet_id, number, cells, extras, part, outcome, code, "
    '"column", detail, key, record_type) FROM STDIN '
    "(NULL '-')"
)
REST = b"\t" * 7 + b"\n"


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


def _keep(file: ImportFile, events: Iterator[Book | Sheet | Rows]) -> None:
    """Keep sheets and rows as the reading process tells them."""
    position = 0
    event = next(events, None)
    while event is not None:
        if isinstance(event, Book):
            ImportFile.objects.filter(pk=file.pk).update(encoding=event.encoding)
            file.encoding = event.encoding
            event = next(events, None)
        elif isinstance(event, Sheet):
            # text has no sheets: the table is called like its file, not like our copy of it
            name = Path(file.name).stem if file.encoding else event.name
            sheet = ImportSheet.objects.create(file=file, name=name[:200], position=position, hidden=event.hidden)
            position += 1
            rows = _OfSheet(events)
            _copy(lines(sheet.pk, rows))
            event = rows.behind
        else:
            raise Unreadable("broken")


def _copy(found: Iterator[bytes]) -> None:
    text = _Text(found)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(COPY, text)
        except DataError as error:  # what the reading process never prints, and the database does not take
            raise Unreadable("broken") from error
    if text.refusal:
        raise text.refusal


class _OfSheet:
    """The rows of a sheet; `behind` is what comes after them."""

    def __init__(self, events: Iterator[Book | Sheet | Rows]) -> None:
        self.events = events
        self.behind: Book | Sheet | Rows | None = None

    def __iter__(self) -> Iterator[Rows]:
        for event in self.events:
            if not isinstance(event, Rows):
                self.behind = event
                return
            yield event


def lines(sheet: int, rows: Iterable[Rows]) -> Iterator[bytes]:
    """Rows in the form that COPY takes, many at once. What they hold is passed on as it comes, without being looked into."""
    begins = b"%d\t" % sheet
    between = REST + begins
    for found in rows:
        text = found.text.replace(b"\\", b"\\\\") if b"\\" in found.text else found.text
        yield begins + text.replace(END, between)[: -len(begins)]


class _Text:
    """What COPY reads from: it asks for a file. A refusal on the way is kept for afterwards: the database would make it an error of
    its own."""

    def __init__(self, found: Iterator[bytes]) -> None:
        self.found = found
        self.refusal: Unreadable | None = None

    def read(self, size: int = -1) -> bytes:
        """At least `size` bytes, nothing at the end."""
        held: list[bytes] = []
        left = size
        try:
            for line in self.found:
                held.append(line)
                left -= len(line)
                if left <= 0:
                    break
        except Unreadable as refusal:
            self.refusal = refusal
        return b"".join(held)
