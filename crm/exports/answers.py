"""A table as the answer to a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from django.http import FileResponse

from crm.exports.book import workbook
from crm.exports.table import Table
from crm.exports.text import csv_file

KINDS = ("xlsx", "csv")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def served(table: Table, kind: str) -> FileResponse:
    """The table as a download of that kind, written at once: in the reader's language and with the times of his zone."""
    return sent(written([table], kind), f"{table.name}.{kind}", CSV if kind == "csv" else XLSX)


def written(tables: Sequence[Table], kind: str) -> IO[bytes]:
    """The tables as a file of that kind; CSV has room for the first one."""
    return csv_file(tables[0]) if kind == "csv" else workbook(tables)


def sent(file: IO[bytes], filename: str, content_type: str = XLSX) -> FileResponse:
    """A file that was just written, as a download that nothing keeps."""
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
