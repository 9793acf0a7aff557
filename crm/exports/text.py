"""A table as a CSV file that every spreadsheet opens."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone

from crm.exports.table import Table, harmless, spread, with_currencies


def csv_file(table: Table) -> IO[bytes]:
    """The table as CSV, in a file that whoever sends it closes."""
    table = with_currencies(table)
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    text = TextIOWrapper(
        target, encoding="utf-8-sig", newline="", write_through=True
    )  # or Excel would take it for another encoding
    writer = csv.writer(text)
    writer.writerow([harmless(heading) for heading in table.headings])
    writer.writerows([as_text(value) for value in spread(row)] for row in table.rows)
    text.detach()
    target.seek(0)
    return target


def as_text(value: Any) -> str:
    """A plain value as it stands in a file of text; times as the clock of the reader's zone shows them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)
