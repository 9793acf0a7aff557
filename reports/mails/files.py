"""The files of a letter, written in its recipient's language."""

from __future__ import annotations

from collections.abc import Iterable

from crm.exports import XLSX, Table
from crm.exports import workbook as written
from notifications.attachments import Attachment
from reports import printing


def workbook(name: str, tables: Iterable[Table]) -> Attachment:
    """Tables as an Excel file, a sheet each."""
    with written(tables) as file:
        file.seek(0)
        return Attachment(name=f"{name}.xlsx", content=file.read(), content_type=XLSX)


def pdf(name: str, document: printing.Document) -> Attachment:
    """A page on paper."""
    return Attachment(name=f"{name}.pdf", content=printing.pdf(document), content_type=printing.PDF)
