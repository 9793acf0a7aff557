"""What was found about the rows of an import, taken back: a preview that no longer holds, rows that are to be judged once more."""

from __future__ import annotations

from django.db.models import Count, Q

from migrations_data.models import COUNTS, Import, ImportRow, ImportSheet, Outcome, Part
from migrations_data.services import questions

NONE = {
    "outcome": "", "code": "", "column": "", "detail": "", "key": "", "values": None, "changes": None, "record_type": "",
    "record_id": None,
}  # fmt: skip
"""A row about which nothing has been found."""
NO_DATA = (Part.TOTAL, Part.NOTE)
"""Parts of rows below the header that hold something and become no record."""


def forget(of: Import) -> None:
    """Take back all that was found about the rows of an import. What is no data stays left out."""
    ImportRow.objects.filter(sheet__file__of_import=of).exclude(outcome="").update(**NONE)
    sheets = ImportSheet.objects.filter(file__of_import=of)
    sheets.update(**dict.fromkeys(COUNTS, 0), sums=[], findings=[])
    for sheet in sheets.annotate(said=Count("rows", filter=Q(rows__part__in=NO_DATA))):
        left = sheet.said if sheet.kind else sheet.rows_in
        if left:
            ImportSheet.objects.filter(pk=sheet.pk).update(left_out=left)
    Import.objects.filter(pk=of.pk).update(rows_done=0, seconds=0, started_at=None)
    questions.forget(of)


def leave_out(sheet: ImportSheet) -> None:
    """Put down that the rows of a sheet that are no data are left out."""
    below = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row, part__in=NO_DATA, outcome="")
    below.update(outcome=Outcome.LEFT_OUT, code="no_data")
